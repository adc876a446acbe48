import { options } from "../../plugin-api/option.ts";

export const settings = options({
  profile: {
    kind: "text",
    value: "NAME",
    env: ["PYBUN_PROFILE"],
    key: "run.profile",
    help: "what programs are run for: dev, prod, benchmark, or one of your own",
  },
  profiles: {
    kind: "table",
    argv: false,
    key: "profiles",
    form: "namedTables",
    help: "profiles by name: tables with values of their own",
  },
});
