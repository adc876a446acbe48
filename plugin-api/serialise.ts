import type { Redactor } from "./redact.ts";
import { withoutEscapes } from "./text/style.ts";

/**
 * The one serialiser of JSON, NDJSON, MCP and logs (SPEC OUT-04): one line, times as RFC 3339 UTC, no escape sequences,
 * each text through `redact`, one of the redactor's. Without one (`--no-redact`) texts stay as they are.
 */
export function serialise(value: unknown, redact?: Redactor["redactEntry"]): string {
  return JSON.stringify(value, (key, entry: unknown) => {
    // Nearly all there is in a result of thousands of rows.
    if (typeof entry === "string") return redact ? redact(key, withoutEscapes(entry)) : withoutEscapes(entry);
    if (typeof entry === "boolean" || typeof entry === "number") return entry;
    const plain = toPlain(entry);
    const text = typeof plain === "string" ? withoutEscapes(plain) : plain;
    return redact ? redact(key, text) : text;
  });
}

/** What JSON has no form for: large integers become texts, maps objects, sets lists. */
function toPlain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}
