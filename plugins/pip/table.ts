/** Rows in columns as pip prints them: as wide as the widest, two parted by a blank, rules below the first row. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const [head] = rows;
  if (!head) return [];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => (row[column] ?? "") + " ".repeat(width - widthOf(row[column])))
      .join(" ")
      .trimEnd();
  return [line(head), widths.map((width) => "-".repeat(width)).join(" "), ...rows.slice(1).map(line)];
}

/** In code points, as Python counts. */
const widthOf = (text = ""): number => Array.from(text).length;

/** `json.dumps` of Python: a blank behind commas and colons, everything but ASCII escaped. */
export const pythonJson = (value: unknown): string => escaped(write(value));

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}: ${write(each)}`).join(", ")}}`;
}

const escaped = (json: string): string =>
  json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
