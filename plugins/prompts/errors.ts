import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  I_ANSWER_TAKEN: {
    summary: "a question was not asked, its safe answer was taken",
    cause: "standard input or standard error is no terminal, or `CI`, `--quiet` or a JSON format is set",
    example: "`pybun plugin list </dev/null` in a project that names a plugin nobody has trusted yet",
    repair: "answer on a terminal, or allow it beforehand with `--yes`",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
