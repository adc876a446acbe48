import { options } from "../../plugin-api/option.ts";

export const settings = options({
  isolation: {
    kind: "flag",
    default: true,
    isHidden: true,
    help: "run in an environment of its own; --no-isolation uses the host's Python as it is",
  },
});
