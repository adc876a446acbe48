import { commandSpec } from "../../plugin-api/command.ts";
import { COLLECTION_SCHEMA } from "../../plugin-api/text/collection-schema.ts";

const count = { type: "integer" };
const text = { type: "string" };

export const dir = commandSpec({
  summary: "Print the folder that the store and the caches are in",
  brief: "folder of store and caches",
  options: {},
  examples: [["du -sh $(pybun cache dir)", "what the disk says of it"]],
  maturity: "preview",
  group: "More",
  data: { type: "object", properties: { path: text }, required: ["path"] },
});

export const info = commandSpec({
  summary: "Show what is in each cache, and how much room it takes",
  brief: "what is in the caches",
  options: {},
  examples: [["pybun cache info", "a line for each cache"]],
  maturity: "preview",
  group: "More",
  data: {
    type: "object",
    properties: {
      path: text,
      bytes: count,
      caches: {
        type: "array",
        items: {
          type: "object",
          properties: { name: text, path: text, items: count, bytes: count, oldest_use: { type: ["string", "null"] } },
          required: ["name", "path", "items", "bytes", "oldest_use"],
        },
      },
    },
    required: ["path", "bytes", "caches"],
  },
});

export const size = commandSpec({
  summary: "Print how many bytes store and caches take",
  brief: "bytes taken",
  options: {},
  examples: [["pybun cache size", "a number, for scripts"]],
  maturity: "preview",
  group: "More",
  data: { type: "object", properties: { bytes: count }, required: ["bytes"] },
});

export const clean = commandSpec({
  summary: "Empty all caches, or remove one cache or package from them; what an environment uses stays",
  brief: "empty the caches",
  operands: "[name...]",
  arity: [0, Number.POSITIVE_INFINITY],
  options: { dryRun: { kind: "flag", help: "say what would be removed, and remove nothing" } },
  examples: [
    ["pybun cache clean", "everything that no environment uses"],
    ["pybun cache clean index", "one cache, as `pybun cache info` names it"],
    ["pybun cache clean numpy", "all versions of a package"],
  ],
  maturity: "preview",
  group: "More",
  isAct: true,
  data: COLLECTION_SCHEMA,
});

export const prune = commandSpec({
  summary: "Remove unpacked packages that no environment uses, however young they are",
  brief: "remove unused packages",
  options: { dryRun: { kind: "flag", help: "say what would be removed, and remove nothing" } },
  examples: [["pybun cache prune --dry-run", "what would go"]],
  maturity: "preview",
  group: "More",
  isAct: true,
  data: COLLECTION_SCHEMA,
});
