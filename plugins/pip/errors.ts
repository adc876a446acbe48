import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_PIP_PLACE: {
    exitCode: 1,
    summary: "packages can't be put where pip's options say",
    cause: "the options exclude each other, or name a folder that the Python does not look into",
    example: "`pybun pip install --user a` in an environment",
    repair: "leave one of the options out",
  },
  E_PIP_NO_VERSION: {
    exitCode: 1,
    summary: "the indexes have no version of a package that suits this Python",
    cause: "the name is misspelled, or all releases are for other Pythons or machines, or pre-releases",
    example: "`pybun pip index versions no-such-package`",
    repair: "mend the name, or add `--pre`",
  },
  E_PIP_ARCHIVE: {
    exitCode: 1,
    summary: "there is no archive of a package to save",
    cause: "it comes from a repository",
    example: "`pybun pip download git+https://example.com/demo.git`",
    repair: "clone the repository, and build it: `pybun pip wheel ./demo`",
  },
  W_PIP_TARGET: {
    summary: "something of that name is in the target folder already, and stays as it is",
    cause: "`--target` replaces nothing unless it is told to",
    example: "`pybun pip install --target lib a` for the second time",
    repair: "add `--upgrade`, or empty the folder",
  },
  W_PIP_NOT_INSTALLED: {
    summary: "a package that is named is not installed in the environment",
    cause: "the name is misspelled, or another environment was meant; `pybun env path` says which one it is",
    example: "`pybun pip show no-such-package`",
    repair: "take a name that `pybun pip list` has",
  },
} satisfies Record<string, CodeSpec>;
