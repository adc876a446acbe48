import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_PYTHON_NOT_FOUND: {
    exitCode: 3,
    summary: "no Python on this machine is the one that was asked for",
    cause:
      "no interpreter of that version was found, the path is not a Python, it does not run, or it is older than 3.9",
    example: "`pybun python find 3.99`",
    repair: "see what there is with `pybun python list`, and ask for one of those or install the version",
  },
  W_PYTHON_NOT_INSTALLED: {
    summary: "the pinned Python is not on this machine",
    cause: "`.python-version` now names a version that no interpreter found here has",
    example: "`pybun python pin 3.99`",
    repair: "install that version, or pin one that `pybun python list` shows",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
