import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_PEP723_INVALID: {
    exitCode: 3,
    summary: "a script's metadata block can't be read",
    cause: "the block is opened twice or not closed, is not TOML, or holds a value of the wrong kind",
    example: '`# dependencies = "requests"` (a list is needed)',
    repair: "mend the line that is named; the form is that of inline script metadata (PEP 723)",
  },
} satisfies Record<string, CodeSpec>;
