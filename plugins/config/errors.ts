import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  W_CONFIG_HIDDEN: {
    summary: "a setting was written where something else has the last word",
    cause: "a variable, a flag or a file of higher precedence sets the same key",
    example: "`PYBUN_OFFLINE=1 pybun config set offline false`",
    repair: "remove the other value, or write there: `pybun config list --show-origin` names it",
  },
} satisfies Record<string, CodeSpec>;
