const count = { type: "integer" };
const text = { type: "string" };

const item = (more: Readonly<Record<string, object>>) => ({
  type: "object",
  properties: { cache: text, name: text, path: text, ...more },
  required: ["cache", "name", "path", ...Object.keys(more)],
});

/** JSON Schema of the data of `collectionReport`: what every command prints that removes from caches (SPEC GC-06). */
export const COLLECTION_SCHEMA = {
  type: "object",
  properties: {
    freed_bytes: count,
    removed: count,
    kept: count,
    size_before: count,
    size_after: count,
    dry_run: { type: "boolean" },
    items: { type: "array", items: item({ bytes: count, last_used: text }) },
    in_use: { type: "array", items: item({ reason: text }) },
  },
  required: ["freed_bytes", "removed", "kept", "size_before", "size_after", "dry_run", "items", "in_use"],
};
