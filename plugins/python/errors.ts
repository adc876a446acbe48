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
  W_PYTHON_OUT_OF_RANGE: {
    summary: "the Python in use is not one that `requires-python` allows",
    cause: "it was asked for by a flag, a variable or `.python-version`, and that goes before the declared range",
    example: '`pybun run --python 3.9 script.py`, where the script says `requires-python = ">=3.12"`',
    repair: "ask for a Python inside the range, or widen `requires-python`",
  },
  W_PYTHON_NOT_INSTALLED: {
    summary: "the pinned Python is not on this machine",
    cause: "`.python-version` now names a version that no interpreter found here has",
    example: "`pybun python pin 3.99`",
    repair: "install that version, or pin one that `pybun python list` shows",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
