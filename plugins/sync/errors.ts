import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_PROJECT_PART: {
    exitCode: 3,
    summary: "the project has no extra, group or member of that name",
    cause: "the name is misspelled, or belongs to another project",
    example: "`pybun sync --extra gpu` where no extra is called `gpu`",
    repair: "take one of the names the message lists",
  },
} satisfies Record<string, CodeSpec>;
