import { options } from "../../plugin-api/option.ts";

export const settings = options({
  linkMode: {
    kind: "text",
    choices: ["auto", "tree", "clone", "hardlink", "copy"],
    default: "auto",
    env: ["PYBUN_LINK_MODE", "UV_LINK_MODE"],
    key: "link.mode",
    value: "MODE",
    help: "how packages get from the store into environments",
  },
  linkCopy: {
    kind: "list",
    argv: false,
    key: "link.copy",
    form: "package",
    help: "packages that get files of their own, to be written to; NAME* for several",
  },
  breakSystemPackages: {
    kind: "flag",
    isHidden: true,
    env: ["PIP_BREAK_SYSTEM_PACKAGES", "UV_BREAK_SYSTEM_PACKAGES"],
    help: "install into a Python that the system's package manager keeps",
  },
});
