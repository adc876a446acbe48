import { InvalidSyntax } from "../error.ts";

/** One line of entry_points.txt. */
export interface EntryPoint {
  /** `console_scripts`, `gui_scripts` or any other. */
  readonly group: string;
  /** Case is kept. Not checked for use as a file name. */
  readonly name: string;
  /** As written; see `parseObjectReference`. */
  readonly value: string;
}

/** What an entry point's value points to. */
export interface ObjectReference {
  readonly module: string;
  /** Dotted; empty when the module itself is meant. */
  readonly attribute: string;
  readonly extras: readonly string[];
}

const REFERENCE =
  /^([\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*)\s*(?::\s*([\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*)\s*)?(?:\[([^\]]*)\]\s*)?$/u;

/**
 * Reads entry_points.txt (entry points specification: an INI file with `=` only, case kept, `#` and `;` begin comment lines).
 * Of a name given twice in a group the last counts. Throws InvalidSyntax that names the line.
 */
export function parseEntryPoints(text: string): readonly EntryPoint[] {
  const entries = new Map<string, EntryPoint>();
  let group: string | undefined;
  for (const [i, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    if (line.startsWith("[") && line.endsWith("]")) {
      // A blank in it makes it another group, as it does for `importlib.metadata`.
      group = line.slice(1, -1);
      continue;
    }
    const equals = line.indexOf("=");
    if (group === undefined || equals < 1) {
      const why = group === undefined ? "stands before the first group" : "is not `name = value`";
      throw new InvalidSyntax(`line ${i + 1} of entry_points.txt ${why}: \`${line}\``);
    }
    const entry = { group, name: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() };
    entries.set(`${group}\n${entry.name}`, entry);
  }
  return [...entries.values()];
}

/** Reads an entry point's value, `package.module:object.attribute [extra]`. Throws InvalidSyntax. */
export function parseObjectReference(value: string): ObjectReference {
  const match = REFERENCE.exec(value.trim());
  if (match === null) throw new InvalidSyntax(`\`${value}\` is not a valid object reference`);
  const extras = (match[3] ?? "").split(",").map((extra) => extra.trim());
  return { module: match[1]!, attribute: match[2] ?? "", extras: extras.filter(Boolean) };
}
