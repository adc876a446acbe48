import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_PLUGIN_EXISTS: {
    exitCode: 3,
    summary: "there is something already where a new plugin should go",
    cause: "the folder exists and is not empty",
    example: "`pybun plugin new acme` twice",
    repair: "choose another name, or another folder with `--path`",
  },
} satisfies Record<string, CodeSpec>;
