import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_LOCK_MERGE: {
    exitCode: 1,
    summary: "two versions of a lock can't be merged by themselves",
    cause: "one of them can't be read, or what both sides require can't hold together",
    example: "`git merge` of two branches that pin one package to different versions",
    repair: "settle pyproject.toml first, then make the lock anew with `pybun lock`",
  },
  E_LOCK_GIT: {
    exitCode: 3,
    summary: "git could not be set up for locks",
    cause: "the folder is in no git repository, or git is not installed",
    example: "`pybun lock --git-setup` in a folder that was never under version control",
    repair: "run it inside of a repository",
  },
  W_WORKSPACE_MEMBER: {
    summary: "a folder that a workspace's `members` leads to is no project",
    cause: "it has no pyproject.toml, or one without a `[project]` table",
    example: '`members = ["libs/*"]` with a folder `libs/notes`',
    repair: "nothing, or exclude the folder: `exclude` below `[tool.pybun.workspace]`",
  },
  W_LOCK_UNREADABLE: {
    summary: "the lock can't be read and is made anew",
    cause: "the file is damaged, so no version of it could be kept",
    example: "a `pybun.lockb` that was cut off",
    repair: "compare the versions with those in your version control",
  },
  W_REQUIRES_PYTHON_MISSING: {
    summary: "the project does not say which Pythons it is for",
    cause: "neither it nor any member of the workspace has `requires-python`, so the Python in use decides",
    example: "a `[project]` table with a name and a version only",
    repair: "add `requires-python` to the project",
  },
} satisfies Record<string, CodeSpec>;
