import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_PROJECT_EXISTS: {
    exitCode: 3,
    summary: "there is a project, or a script, already",
    cause: "a file that is to be made has been there before; nothing is ever written over",
    example: "`pybun init` in a folder with a pyproject.toml",
    repair: "take another folder; a project that is there gets packages with `pybun add`",
  },
  I_INIT_DEFAULTS: {
    summary: "what a new project is to be was not asked, the usual was taken",
    cause: "standard input or standard error is no terminal, or `CI`, `--quiet` or a JSON format is set",
    example: "`pybun init shop-api </dev/null`",
    repair: "nothing has to be done; say `-y` where that is wanted, or what differs with options",
  },
  W_INIT_SETUP_PY: {
    summary: "the folder has a setup.py that describes a project, and nothing of it was taken over",
    cause: "`pybun init` makes a pyproject.toml of its own, which installers read before setup.py",
    example: "`pybun init` in the folder of a project from before pyproject.toml",
    repair: "say in pyproject.toml what setup.py says; or remove it again and use `pybun pip install -e .`",
  },
  W_INIT_VCS: {
    summary: "the project was made, the repository for it was not",
    cause: "there is no git on this machine, or it refused to make a repository there",
    example: "`pybun init --vcs git` on a machine without git",
    repair: "make it with `git init` once git works, or say `--vcs none`",
  },
  E_VERSION_DYNAMIC: {
    exitCode: 3,
    summary: "a version can't be set, because the project's build backend tells it",
    cause:
      "the project lists `version` in `dynamic`: it is read from a tag, a file or elsewhere when the project is built",
    example: '`pybun version 2.0` in a project with `dynamic = ["version"]`',
    repair: "change it where the build backend takes it from, or give `project.version` and remove it from `dynamic`",
  },
  E_VERSION_LOWER: {
    exitCode: 3,
    summary: "raising a part of the version would give a lower version",
    cause: "a pre-release or development release ranks below the release that it leads to (PEP 440)",
    example: "`pybun version --bump beta` where the version is 1.2.3",
    repair: "raise a part of the release as well (`--bump patch --bump beta`), or write the version out",
  },
  W_VERSION_EXCLUDED: {
    summary: "another package of the lock excludes the new version of the project",
    cause: "a package that the workspace requires asks for certain versions of one of its members",
    example: "`pybun version 2.0` in a member of which another package requires `<2`",
    repair: "lock again with `pybun lock`; where that is not possible, it says what has to give way",
  },
} satisfies Record<string, CodeSpec>;
