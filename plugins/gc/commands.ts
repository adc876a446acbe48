import { commandSpec } from "../../plugin-api/command.ts";
import { COLLECTION_SCHEMA } from "../../plugin-api/text/collection-schema.ts";

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
  isAct: true,
  data: COLLECTION_SCHEMA,
});
