import { options } from "../../plugin-api/option.ts";

export const settings = options({
  daemon: {
    kind: "flag",
    default: true,
    key: "daemon",
    isHidden: true,
    help: "have commands run by a PyBun that has started already; --no-daemon runs this one by itself",
  },
});
