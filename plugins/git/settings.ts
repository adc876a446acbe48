import { options } from "../../plugin-api/option.ts";

export const settings = options({
  gitLfs: {
    kind: "flag",
    argv: false,
    env: ["PYBUN_GIT_LFS", "UV_GIT_LFS"],
    key: "git.lfs",
    decidesPackages: true,
    help: "fetch the files that git repositories keep by Git LFS",
  },
});
