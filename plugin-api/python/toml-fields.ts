import { TomlDate } from "smol-toml";
import { InvalidSyntax } from "../error.ts";

/** A table of parsed TOML (integers as BigInt) and where it stands, such as `packages[0].wheels[2]`; empty for the document. */
export interface TomlFields {
  readonly table: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/** Whether a value of parsed TOML is a table. */
export const isTomlTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** The error for a place in a document, in backticks at the front of the message. */
export const faultAt = (path: string, why: string): InvalidSyntax => new InvalidSyntax(`\`${path}\` ${why}`);

/** `packages[0]` and `name` → `packages[0].name`. */
export const fieldPath = ({ path }: TomlFields, key: string): string => (path === "" ? key : `${path}.${key}`);

/** The value of a key that is text; undefined where the key is missing. Throws InvalidSyntax, as all readers here do. */
export function textField(fields: TomlFields, key: string): string | undefined {
  const value = fields.table[key];
  if (value === undefined || typeof value === "string") return value;
  throw faultAt(fieldPath(fields, key), `is ${kindOf(value)}, not text`);
}

/** As `textField`, for a key that has to be there. */
export function neededText(fields: TomlFields, key: string): string {
  const value = textField(fields, key);
  if (value === undefined) throw faultAt(fieldPath(fields, key), "is missing");
  return value;
}

/** What `make` makes of a key's text; its InvalidSyntax gets the place. */
export function parsedField<T>(fields: TomlFields, key: string, make: (text: string) => T): T | undefined {
  const text = textField(fields, key);
  return text === undefined ? undefined : atPlace(fieldPath(fields, key), () => make(text));
}

/** `make()`, with the place put before the message of an InvalidSyntax. */
export function atPlace<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw cause instanceof InvalidSyntax ? faultAt(path, `is malformed: ${cause.message}`) : cause;
  }
}

/** An exact integer. */
export function integerField(fields: TomlFields, key: string): number | undefined {
  const value = fields.table[key];
  if (value === undefined) return undefined;
  if (typeof value !== "bigint") throw faultAt(fieldPath(fields, key), `is ${kindOf(value)}, not an integer`);
  if (!Number.isSafeInteger(Number(value))) throw faultAt(fieldPath(fields, key), "is beyond all sizes");
  return Number(value);
}

/** True or false. */
export function flagField(fields: TomlFields, key: string): boolean | undefined {
  const value = fields.table[key];
  if (value === undefined || typeof value === "boolean") return value;
  throw faultAt(fieldPath(fields, key), `is ${kindOf(value)}, not true or false`);
}

/** A date with a time, as milliseconds since the epoch. One without an offset counts as UTC. */
export function timeField(fields: TomlFields, key: string): number | undefined {
  const value = fields.table[key];
  if (value === undefined) return undefined;
  if (!(value instanceof TomlDate) || !value.isDateTime())
    throw faultAt(fieldPath(fields, key), `is ${kindOf(value)}, not a date with a time`);
  return value.isLocal() ? Date.parse(`${value.toISOString()}Z`) : value.getTime();
}

/** A table with its place. */
export function tableField(fields: TomlFields, key: string): TomlFields | undefined {
  const table = fields.table[key];
  if (table === undefined) return undefined;
  const path = fieldPath(fields, key);
  if (!isTomlTable(table)) throw faultAt(path, `is ${kindOf(table)}, not a table`);
  return { table, path };
}

/** The items of an array; undefined where the key is missing. */
function listField(fields: TomlFields, key: string): readonly unknown[] | undefined {
  const value = fields.table[key];
  if (value === undefined || Array.isArray(value)) return value as readonly unknown[] | undefined;
  throw faultAt(fieldPath(fields, key), `is ${kindOf(value)}, not an array`);
}

/** An array of texts. */
export function textsField(fields: TomlFields, key: string): readonly string[] | undefined {
  return listField(fields, key)?.map((item, index) => {
    if (typeof item === "string") return item;
    throw faultAt(`${fieldPath(fields, key)}[${index}]`, `is ${kindOf(item)}, not text`);
  });
}

/** An array of tables, each with its place. */
export function tablesField(fields: TomlFields, key: string): readonly TomlFields[] | undefined {
  return listField(fields, key)?.map((table, index) => {
    const path = `${fieldPath(fields, key)}[${index}]`;
    if (!isTomlTable(table)) throw faultAt(path, `is ${kindOf(table)}, not a table`);
    return { table, path };
  });
}

/** A value's type in words, with its article. */
function kindOf(value: unknown): string {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return "an integer";
  if (typeof value === "number") return "a number with a fraction";
  if (Array.isArray(value)) return "an array";
  return value instanceof Date ? "a date" : "a table";
}
