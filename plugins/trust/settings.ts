import { options } from "../../plugin-api/option.ts";

export const settings = options({
  startupHooks: {
    kind: "text",
    argv: false,
    choices: ["ask", "deny", "allow"],
    default: "ask",
    env: ["PYBUN_STARTUP_HOOKS"],
    key: "security.startup-hooks",
    value: "RULE",
    help: "what to do about packages that bring code which runs at every start of Python",
  },
});
