import type { Redactor } from "./redact.ts";
import { withoutEscapes } from "./text/style.ts";

/** What `serialise` asks of a redactor. */
export interface JsonRedactor {
  readonly entry: Redactor["redactEntry"];
  /** Tells of JSON that `entry` would change nothing in it. */
  readonly isClean?: Redactor["isClean"];
}

/**
 * The one serialiser of JSON, NDJSON, MCP and logs (SPEC OUT-04): one line, times as RFC 3339 UTC, no escape sequences,
 * each text through the redactor. Without one (`--no-redact`) texts stay as they are. `end` is put behind it.
 */
export function serialise(value: unknown, redactor?: JsonRedactor, end = ""): string {
  const isUnchanged = redactor ? (redactor.isClean ?? never) : always;
  // Joined once, at the end: results can be long, and each join is a copy.
  const parts: string[] = [];
  const write = (key: string, value: unknown): void => {
    const plain = toPlain(key, value);
    if (typeof plain === "string") {
      const text = withoutEscapes(plain);
      parts.push(JSON.stringify(redactor ? redactor.entry(key, text) : text));
    } else if (typeof plain !== "object" || plain === null) parts.push(JSON.stringify(plain) ?? "null");
    else if (Array.isArray(plain)) writeList(plain);
    else writeMembers(plain);
  };
  /** Whether several values could be written as they are. */
  const hasWritten = (values: readonly unknown[]): boolean => {
    if (!values.every(isRow)) return false;
    const text = JSON.stringify(values);
    if (text.includes(ESCAPE) || !isUnchanged(text)) return false;
    parts.push(text.slice(1, -1));
    return true;
  };
  const writeList = (list: readonly unknown[]): void => {
    parts.push("[");
    for (let at = 0; at < list.length; at++) {
      if (at > 0) parts.push(",");
      // Nearly all there is in a result of thousands of rows: one look at some of them, not one at each of their values.
      if (at % ROWS === 0 && hasWritten(list.slice(at, at + ROWS))) at += ROWS - 1;
      else if (!hasWritten(list.slice(at, at + 1))) write(String(at), list[at]);
    }
    parts.push("]");
  };
  const writeMembers = (plain: object): void => {
    parts.push("{");
    const members = Object.entries(plain).filter(([, member]) => !JSON_OMITS.has(typeof member));
    for (const [at, [key, member]] of members.entries()) {
      parts.push(`${at > 0 ? "," : ""}${JSON.stringify(key)}:`);
      write(key, member);
    }
    parts.push("}");
  };
  write("", value);
  parts.push(end);
  return parts.join("");
}

const JSON_OMITS: ReadonlySet<string> = new Set(["undefined", "function", "symbol"]);
const ROWS = 16;
const ESCAPE = "\\u001b";
const always = (): boolean => true;
const never = (): boolean => false;

/** Whether JSON has it as it is, and if it holds values, none of these holds others. */
function isRow(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "bigint";
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const name in value) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member !== null && !PLAIN.has(typeof member)) return false;
  }
  return true;
}

const PLAIN: ReadonlySet<string> = new Set(["string", "number", "boolean", "undefined"]);

/** What JSON has no form for: large integers become texts, maps objects, sets lists, and times what they say. */
function toPlain(key: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return "toJSON" in value && typeof value.toJSON === "function" ? value.toJSON(key) : value;
}
