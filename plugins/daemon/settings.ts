import { DAEMON } from "../../plugin-api/launch/daemon/words.ts";
import { options } from "../../plugin-api/option.ts";

export const settings = options({
  daemon: {
    kind: "flag",
    default: true,
    key: DAEMON,
    isHidden: true,
    help: "have commands run by a PyBun that has started already; --no-daemon runs this one by itself",
  },
});
