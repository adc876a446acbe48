import { options } from "../../plugin-api/option.ts";

export const settings = options({
  autoSync: {
    kind: "flag",
    argv: false,
    default: true,
    key: "env.auto-sync",
    help: "bring a project's environment up to date before something runs in it",
  },
});
