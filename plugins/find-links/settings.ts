import { options } from "../../plugin-api/option.ts";

export const settings = options({
  findLinks: {
    kind: "list",
    env: ["PYBUN_FIND_LINKS", "UV_FIND_LINKS", "PIP_FIND_LINKS"],
    separator: { UV_FIND_LINKS: "," },
    key: "find-links",
    form: "address",
    value: "PLACE",
    decidesPackages: true,
    help: "folder, or address of a page, whose archives are candidates beside the index's",
  },
});
