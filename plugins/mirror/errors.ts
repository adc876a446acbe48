import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_MIRROR: {
    exitCode: 3,
    summary: "a folder can't become a mirror, or be added to",
    cause: "it holds something else, it is signed and no key was given, or one of its files is damaged",
    example: "`pybun mirror create src requests` in a project with a folder `src`",
    repair: "choose another folder, give the key with `--sign-key`, or delete the file that the message names",
  },
  W_MIRROR_SKIPPED: {
    summary: "a package can't be put into a mirror",
    cause: "it comes from a git repository, a folder or the workspace, and a mirror holds archives alone",
    example: "`pybun mirror create wheels --from-lock` of a lock with a member of the workspace",
    repair: "build its wheel and add that: `pybun mirror create wheels ./demo-1.0-py3-none-any.whl`",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
