import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_PYTHON_NOT_AVAILABLE: {
    exitCode: 3,
    summary: "no Python that can be installed here is the one that was asked for",
    cause:
      "the table of Pythons has no such version for this platform, the request names another implementation than CPython, or `python-downloads` is `never`",
    example: "`pybun python install 3.99`",
    repair: "see what there is with `pybun python list --available`, and ask for one of those",
  },
  E_PYTHON_BROKEN: {
    exitCode: 3,
    summary: "an installed Python does not run",
    cause:
      "the archive holds no Python, one of another version than it says, or one that this system can't start; it was taken away again",
    example: "an archive for another processor in a mirror",
    repair: "install another version, or tell who keeps the mirror",
  },
  E_PYTHON_NOT_INSTALLED: {
    exitCode: 3,
    summary: "PyBun has installed no such Python",
    cause: "none of the Pythons that PyBun installed is the one to be removed; those of others it does not touch",
    example: "`pybun python remove 3.12` where the only Python 3.12 is the system's",
    repair: "see which are `managed` with `pybun python list`",
  },
  E_PYTHON_IN_USE: {
    exitCode: 3,
    summary: "a Python can't be removed while environments use it",
    cause: "environments that were made with it would not work any more",
    example: "`pybun python remove 3.12` where a project's environment has this Python",
    repair:
      "remove the environments that are named or make them anew with another Python; `--force` removes it all the same",
  },
  I_PYTHON_INSTALLED: {
    summary: "a Python was installed because it was asked for and missing",
    cause: "`--python`, `.python-version` or `requires-python` asks for a version that was not on this machine",
    example: "`pybun run --python 3.9 script.py` where there is no Python 3.9",
    repair: 'nothing has to be done; `python-downloads = "manual"` keeps it from happening',
  },
  W_PYTHON_LINK: {
    summary: "a command could not be put into the folder for commands, or is not found there",
    cause: "a file that is not PyBun's has its name, or the folder is not on PATH",
    example: "`pybun python install 3.12 --default` where `~/.local/bin/python` is a script",
    repair: "move the file away and run the command again, or add the folder to PATH",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
