/** One option of a section. */
export interface IniEntry {
  /** As written. */
  readonly section: string;
  /** Lower case. */
  readonly key: string;
  /** Lines behind the first, without their indentation, follow after line feeds. */
  readonly value: string;
  /** Of the key, from 1. */
  readonly line: number;
}

/** A line that is none of an INI file. */
export class IniSyntax extends Error {
  override readonly name = "IniSyntax";
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const SECTION = /^\[(.+)\]/;
const OPTION = /^([^=:]*?)\s*[=:]\s*(.*)$/;

/**
 * Reads an INI file as Python's `RawConfigParser` does, which pip uses: `=` or `:`, `#` and `;` begin a comment at the start of
 * a line only, an indented line goes on with the value before it. Throws `IniSyntax` where that would fail.
 */
export function readIni(text: string): readonly IniEntry[] {
  const entries: { section: string; key: string; value: string; line: number }[] = [];
  const seen = new Set<string>();
  let section: string | undefined;
  /** Of the option that an indented line would go on with. */
  let openIndent: number | undefined;
  for (const [index, raw] of text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = index + 1;
    const content = raw.trim();
    const indent = raw.length - raw.trimStart().length;
    const last = entries.at(-1);
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    if (openIndent !== undefined && last && indent > openIndent) {
      last.value += `\n${content}`;
      continue;
    }
    const header = SECTION.exec(content);
    if (header) {
      section = header[1] as string;
      openIndent = undefined;
      if (seen.has(section)) throw new IniSyntax(`[${section}] stands twice`, line);
      seen.add(section);
      continue;
    }
    if (section === undefined) throw new IniSyntax("it stands before the first section", line);
    const [, key, value] = OPTION.exec(content) ?? [];
    if (key === undefined || value === undefined || key === "") throw new IniSyntax("it is no `key = value`", line);
    const name = key.toLowerCase();
    if (seen.has(`${section}\n${name}`)) throw new IniSyntax(`\`${name}\` stands twice in [${section}]`, line);
    seen.add(`${section}\n${name}`);
    entries.push({ section, key: name, value, line });
    openIndent = indent;
  }
  return entries;
}
