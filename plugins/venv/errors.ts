import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_ENV_BROKEN: {
    exitCode: 3,
    summary: "the environment that was chosen can't be used",
    cause: "it is no environment, it is damaged, or the Python it was made with is gone or has become another version",
    example: "`PYBUN_ENV=/nowhere pybun run app.py`",
    repair: "make it anew with `pybun env create`, or choose another one",
  },
  E_ENV_NOT_FOUND: {
    exitCode: 3,
    summary: "there is no environment yet, or none of that name",
    cause: "nothing made one for this folder, or a name is misspelt",
    example: "`pybun env path` in an empty folder",
    repair: "make one with `pybun env create`; `pybun env list` shows those there are",
  },
  W_PYTHON_MISMATCH: {
    summary: "the environment's Python is not the one that was asked for",
    cause: "`.python-version` or `requires-python` asks for another version than the environment was made with",
    example: "`.python-version` with `3.12` beside a `.venv` of Python 3.11",
    repair: "make the environment anew with that Python, or let `pybun env create` make one of its own",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
