/** As much of JSON Schema as PyBun's schemas use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly [keyword: string]: unknown;
}

/** A change that breaks programs made for the earlier schema; `path` is like `events[].DownloadStart.total`. */
export interface Breaking {
  readonly path: string;
  readonly change: string;
}

/**
 * What a program that reads our output could stumble over (SPEC OUT-05): a field removed or retyped, a value or variant
 * that no longer comes, a field no longer sure to be there, and one that older output lacks. Everything else is additive.
 */
export function breakingChanges(before: JsonSchema, after: JsonSchema, path = ""): readonly Breaking[] {
  const here = path === "" ? "(root)" : path;
  if (before.anyOf && !isValues(before)) return ofVariants(before.anyOf, after.anyOf ?? [after], path);
  const found: Breaking[] = [];
  const [was, is] = [typesOf(before), typesOf(after)];
  if (was !== is && was !== "")
    found.push({ path: here, change: `retyped from ${was} to ${is === "" ? "anything" : is}` });
  const values = valuesOf(after);
  for (const value of valuesOf(before) ?? [])
    if (values && !values.includes(value)) found.push({ path: here, change: `value ${value} removed` });
  found.push(...ofProperties(before, after, path));
  if (before.items && after.items) found.push(...breakingChanges(before.items, after.items, `${path}[]`));
  return found;
}

function ofProperties(before: JsonSchema, after: JsonSchema, path: string): readonly Breaking[] {
  const found: Breaking[] = [];
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const required = { before: new Set(before.required), after: new Set(after.required) };
  for (const [name, schema] of Object.entries(before.properties ?? {})) {
    const now = after.properties?.[name];
    if (now === undefined) {
      found.push({ path: at(name), change: "removed" });
      continue;
    }
    if (required.before.has(name) && !required.after.has(name))
      found.push({ path: at(name), change: "no longer required" });
    if (!required.before.has(name) && required.after.has(name))
      found.push({ path: at(name), change: "newly required" });
    found.push(...breakingChanges(schema, now, at(name)));
  }
  return found;
}

/** Variants are known by the constant of their `type` field; others by their form. */
function ofVariants(before: readonly JsonSchema[], after: readonly JsonSchema[], path: string): readonly Breaking[] {
  const now = new Map(after.map((schema) => [nameOf(schema), schema]));
  return before.flatMap((schema) => {
    const name = nameOf(schema);
    const same = now.get(name);
    const at = path === "" ? name : `${path}.${name}`;
    return same ? breakingChanges(schema, same, at) : [{ path: at, change: "removed" }];
  });
}

function nameOf(schema: JsonSchema): string {
  const kind = schema.properties?.["type"]?.const;
  return typeof kind === "string" ? kind : typesOf(schema) || JSON.stringify(schema);
}

/** `anyOf` of constants or plain types is a list of values or types rather than of variants. */
const isValues = ({ anyOf = [] }: JsonSchema): boolean =>
  anyOf.every((schema) => schema.const !== undefined || schema.properties === undefined);

function valuesOf(schema: JsonSchema): readonly string[] | undefined {
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value));
  const constants = schema.anyOf?.filter((each) => each.const !== undefined) ?? [];
  return constants.length === 0 ? undefined : constants.map((each) => JSON.stringify(each.const));
}

/** Types as one comparable text; empty where any type may stand. */
function typesOf(schema: JsonSchema): string {
  const list = schema.anyOf ? schema.anyOf.flatMap(typeList) : typeList(schema);
  return [...new Set(list)].sort().join("|");
}

const typeList = ({ type = [] }: JsonSchema): readonly string[] => (typeof type === "string" ? [type] : type);
