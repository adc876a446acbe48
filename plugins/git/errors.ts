import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_GIT_MISSING: {
    exitCode: 3,
    summary: "a requirement comes from a git repository, and there is no git",
    cause: "no `git` (or, for files kept by Git LFS, no `git-lfs`) is in the folders of PATH",
    example: "`pybun run --with 'demo @ git+https://git.example/demo' …` on a machine without git",
    repair: "install git, or name an archive of the commit instead; most hosts offer one",
  },
  E_GIT_REFERENCE: {
    exitCode: 3,
    summary: "a requirement's git URL is none that can be used",
    cause:
      "it has no host or repository, an unknown scheme, a revision no branch, tag or commit can be named, or a password for ssh",
    example: "`pybun run --with 'demo @ git+ssh://git@git.example:me/demo' …`",
    repair:
      "write it as `demo @ git+https://HOST/PATH@REVISION#subdirectory=FOLDER`; over ssh `git+ssh://git@HOST/PATH`",
  },
  E_GIT_REVISION: {
    exitCode: 4,
    summary: "a git repository has no such branch, tag or commit",
    cause: "the name has a typing error, the branch was deleted, or the shortened commit fits several",
    example: "`demo @ git+https://git.example/demo@no-such-branch`",
    repair: "name one that exists; `git ls-remote URL` lists branches and tags",
  },
  E_GIT_REPOSITORY: {
    exitCode: 4,
    summary: "there is no git repository at the URL, or not the project in it that is meant",
    cause: "the URL has a typing error, the repository is private, or the subdirectory is not in that commit",
    example: "`demo @ git+https://git.example/no/such/repository`",
    repair: "mend the URL; for a private repository see to it that `git ls-remote URL` works without a question",
  },
  E_GIT_FAILED: {
    exitCode: 5,
    summary: "git could not do what it was asked to",
    cause:
      "a submodule that is not allowed or not there, a damaged repository, or a fault that git alone knows; its words are shown",
    example: "a repository with a submodule at a path of somebody's own machine",
    repair: "try the same with git: `git clone --recurse-submodules URL`",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
