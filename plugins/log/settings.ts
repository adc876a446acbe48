import { options } from "../../plugin-api/option.ts";

export const settings = options({
  log: {
    kind: "text",
    env: ["PYBUN_LOG"],
    key: "log",
    value: "LEVEL",
    argv: false,
    help: "least level of the log: error, warn, info, debug or trace, also per area as in `info,download=debug`",
  },
});
