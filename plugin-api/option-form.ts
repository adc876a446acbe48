import type { Option } from "./option.ts";

/**
 * What a setting's text, each item of its list, or its table has to be, beyond its kind. Whoever reads a setting reads it itself;
 * this is for those who write one, so that what nobody could read never gets into a file.
 */
export type Form =
  | "age"
  | "size"
  | "cutOff"
  | "releaseAge"
  | "python"
  | "address"
  | "requirement"
  | "package"
  | "marker"
  | "count"
  | "countOrNone"
  | "time"
  | "tables"
  | "namedTables"
  | "cutOffs"
  | "indexes"
  | "sources"
  | "conflicts"
  | "tasks"
  | "specifiers";

interface FormRule {
  /** What it takes, in words that follow `takes`. */
  readonly expected: string;
  /** False or an error for what it does not take. */
  readonly accepts: (value: unknown) => boolean | Promise<boolean>;
}
const rule = (expected: string, accepts: FormRule["accepts"]): FormRule => ({ expected, accepts });

const FORMS: Readonly<Record<Form, FormRule>> = {
  age: rule("an age such as `90d`", async (text) => {
    const { parseAge } = await import("./text/units.ts");
    return parseAge(text as string) !== undefined;
  }),
  size: rule("a size such as `20G`", async (text) => {
    const { parseSize } = await import("./text/units.ts");
    return parseSize(text as string) !== undefined;
  }),
  cutOff: rule("a date, a time, or an age such as `7 days`", async (text) => {
    const { parseCutOff } = await import("./cut-off.ts");
    return parseCutOff(text as string, Date.now()) !== undefined;
  }),
  releaseAge: rule("an age such as `7 days`", (text) => !/^\s*\d{4}-/.test(text as string) && takes("cutOff", text)),
  python: rule("a Python: a version such as `3.12`, a range such as `>=3.11`, or a path", async (text) => {
    const { parseRequest } = await import("./python/interpreter-request.ts");
    const { kind } = parseRequest(text as string, { cwd: "/", home: "/", exists: () => false });
    return kind !== "command" || /^[\w.+-]+$/.test(text as string);
  }),
  address: rule("an address such as `https://host/simple/`, or a path", (text) => isAddress(text as string)),
  requirement: rule("requirements such as `rich>=14`", async (text) => {
    const { parseRequirement } = await import("./python/requirement.ts");
    return parseRequirement(text as string) !== undefined;
  }),
  package: rule("names of packages", async (text) => {
    const { parsePackageName } = await import("./python/package-name.ts");
    return /^:(all|none):$/.test(text as string) || parsePackageName((text as string).replace(/\*$/, "")) !== undefined;
  }),
  marker: rule("markers such as `sys_platform == 'linux'`", async (text) => {
    const { parseMarker } = await import("./python/marker.ts");
    return parseMarker(text as string) !== undefined;
  }),
  count: rule("a whole number, 1 or more", (value) => Number.isInteger(value) && (value as number) >= 1),
  countOrNone: rule("a whole number, 0 or more", (value) => Number.isInteger(value) && (value as number) >= 0),
  time: rule("a number above 0", (value) => (value as number) > 0),
  tables: rule("a list of tables", (value) => Array.isArray(value) && value.every(isTable)),
  namedTables: rule("by name a table", (value) => isTable(value) && Object.values(value).every(isTable)),
  cutOffs: rule("by name a date, a time, an age or `false`", async (value) => {
    if (!isTable(value)) return false;
    const items = Object.values(value).filter((item) => item !== false);
    return (await Promise.all(items.map((item) => takes("cutOff", item)))).every(Boolean);
  }),
  indexes: rule(
    "tables with `name` and `url`",
    (value) =>
      Array.isArray(value) &&
      value.every((item) => isTable(item) && isText(item["name"]) && isText(item["url"]) && isAddress(item["url"])),
  ),
  sources: rule('by name a table such as `{ git = "https://…" }`, or a list of such', async (value) => {
    const [{ readSources }, { openProjectText }, { formatTomlValue }] = await Promise.all([
      import("./project/sources.ts"),
      import("./project/project-text.ts"),
      import("./toml-value.ts"),
    ]);
    const text = `sources = ${formatTomlValue(value as Parameters<typeof formatTomlValue>[0])}\n`;
    return readSources(openProjectText(text, { file: "", shown: "" }), ["sources"], value) !== undefined;
  }),
  conflicts: rule(
    "lists of tables with `extra` or `group`",
    (value) => Array.isArray(value) && value.every((item) => Array.isArray(item) && item.every(isTable)),
  ),
  tasks: rule(
    "by name a command or a table",
    (value) => isTable(value) && Object.values(value).every((item) => isText(item) || isTable(item)),
  ),
  specifiers: rule('by name a specifier such as `">=2"`', async (value) => {
    const { parseSpecifier } = await import("./python/specifier.ts");
    return (
      isTable(value) &&
      Object.values(value).every((item) => isText(item) && (item === "*" || parseSpecifier(item) !== undefined))
    );
  }),
};

/** What an option takes, in words, where `value`, which is of its kind, is not of its form; else undefined. */
export async function formFault(value: unknown, { kind, form }: Option): Promise<string | undefined> {
  if (form === undefined) return undefined;
  const items = kind === "list" ? (value as readonly unknown[]) : [value];
  const all = await Promise.all(items.map((item) => takes(form, item)));
  return all.every(Boolean) ? undefined : FORMS[form].expected;
}

async function takes(form: Form, value: unknown): Promise<boolean> {
  try {
    return await FORMS[form].accepts(value);
  } catch {
    return false;
  }
}

/** A name alone is neither: whatever folder it is typed in, it would mean another place. */
function isAddress(text: string): boolean {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return URL.canParse(text);
  const rest = /^[A-Za-z0-9][\w.-]*=(.+)$/.exec(text)?.[1];
  return rest === undefined ? /[/\\]|\.json$/.test(text) : isAddress(rest);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
