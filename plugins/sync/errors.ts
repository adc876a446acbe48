import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_ENV_CHANGED: {
    exitCode: 6,
    summary: "installed files are not what was installed",
    cause: "somebody changed or removed them in the environment, or the disk lost them",
    example: "`pybun sync --verify` after a module in site-packages was edited",
    repair: "make the environment anew: `pybun env remove`, then `pybun sync`",
  },
  E_LOCK_FILE: {
    exitCode: 6,
    summary: "an index does not have a file that is locked",
    cause: "the lock was made with another index of that name, or the file was removed or replaced since",
    example: "a mirror that holds some packages only",
    repair: "use the index that the lock was made with, or lock again with this one",
  },
  W_ABI_MISMATCH: {
    summary: "another Python is used, because the lock has nothing for the one that would have been",
    cause:
      "a locked package has no file that fits the environment's interpreter, or the lock is for other versions of Python",
    example: "a lock whose only wheel of a package is for Python 3.12, where the newest Python is 3.13",
    repair: "nothing has to be done; `pybun python pin` settles which Python the project uses",
  },
} satisfies Record<string, CodeSpec>;
