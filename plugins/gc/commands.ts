import { commandSpec } from "../../plugin-api/command.ts";

const count = { type: "integer" };
const text = { type: "string" };

export const gc = commandSpec({
  summary: "Remove what was not used for long from the store and the caches",
  brief: "free disk space",
  options: {
    maxSize: {
      kind: "text",
      value: "SIZE",
      help: "remove what was used least recently until no more than SIZE is left, such as 5G",
    },
    maxAge: {
      kind: "text",
      value: "AGE",
      help: "remove what was not used for AGE, such as 30d; default the setting cache.max-age",
    },
    dryRun: { kind: "flag", help: "say what would be removed, and remove nothing" },
  },
  examples: [
    ["pybun gc", "what nobody has used for 90 days"],
    ["pybun gc --max-size 5G", "until no more than 5 gigabytes are left"],
    ["pybun gc --max-age 7d --dry-run", "what would go"],
  ],
  maturity: "preview",
  group: "More",
  data: {
    type: "object",
    properties: {
      freed_bytes: count,
      removed: count,
      kept: count,
      size_before: count,
      size_after: count,
      dry_run: { type: "boolean" },
      items: {
        type: "array",
        items: {
          type: "object",
          properties: { cache: text, name: text, path: text, bytes: count, last_used: text },
          required: ["cache", "name", "path", "bytes", "last_used"],
        },
      },
    },
    required: ["freed_bytes", "removed", "kept", "size_before", "size_after", "dry_run", "items"],
  },
});
