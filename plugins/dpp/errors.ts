import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_DPP_PLACE: {
    exitCode: 3,
    summary: "a file or folder of a `pybun dpp` command can't be read, or is in the way",
    cause: "what is to be read is not there or is a folder, or something else is already where the result belongs",
    example: "`pybun dpp extract demo.dpp src` where `src` holds files",
    repair: "mend the path, choose another one, or replace a file with `--force`",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
