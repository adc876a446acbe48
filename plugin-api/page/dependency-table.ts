import { InvalidSyntax } from "../error.ts";
import type { DependencyTable } from "../model/distribution.ts";
import type { Extra, Requirement } from "../model/requirement.ts";
import { parseMarker } from "../python/marker.ts";
import { extraComparisons, remains } from "../python/marker-extra.ts";
import { escapeControl } from "../python/marker-literal.ts";
import { normalizeName } from "../python/package-name.ts";
import { parseRequirement } from "../python/requirement.ts";
import { cachedByText } from "../python/text-cache.ts";

// A table is one text: the extras, then sections set off by form feeds. A section is the extra's name and rows of
// `name TAB extras TAB specifier TAB marker TAB url`. The base comes first, under the empty name; rows under `*` depend
// on the extra in a way that is decided when they are read. None of these characters occurs inside a field.
//
//   table = "!" problem | extras ("," extra)* (FF name LF (row LF)*)*
const UNDECIDED = "*";

/** What may be the normal name of an extra that somebody asks for. */
const NAME = /^[a-z0-9-]+$/;
/** An extra that no marker names. */
const ANOTHER = "\0";
// oxlint-disable-next-line no-control-regex -- the separators are control characters
const CONTROL = /[\0-\x1f\x7f]/;

/**
 * Packs a distribution's `Requires-Dist` values into the text that `openDependencies` reads (core metadata, PEP 508). A
 * malformed value does not throw: it becomes the table's problem, because it makes the release unusable.
 */
export function encodeDependencies(requiresDist: readonly string[], providesExtra: readonly string[] = []): string {
  let base = "";
  const sections = new Map<string, string>();
  for (const text of requiresDist) {
    const { rows, problem } = rowsOf(text);
    if (problem !== undefined) return `!${problem}`;
    for (const [section, row] of rows)
      if (section === "") base += row;
      else sections.set(section, (sections.get(section) ?? "") + row);
  }
  let table = `${extrasOf(sections, providesExtra)}\f\n${base}`;
  for (const [section, rows] of sections) table += `\f${section}\n${rows}`;
  return table;
}

function extrasOf(sections: ReadonlyMap<string, string>, providesExtra: readonly string[]): string {
  if (sections.size === 0 && providesExtra.length === 0) return "";
  const extras = new Set<string>(providesExtra.map(normalizeName));
  for (const section of sections.keys()) if (section !== UNDECIDED) extras.add(section);
  return [...extras]
    .filter((extra) => NAME.test(extra))
    .sort()
    .join(",");
}

interface Rows {
  readonly rows: readonly (readonly [section: string, row: string])[];
  readonly problem?: string;
}
/** The rows of a `Requires-Dist` value; most are the same in release after release. */
const rowsOf: (text: string) => Rows = cachedByText((text) => {
  try {
    const requirement = parseRequirement(text);
    return {
      rows: sectionsOf(requirement.marker).map(([section, marker]) => [section, formatRow(requirement, marker)]),
    };
  } catch (error) {
    if (error instanceof InvalidSyntax) return { rows: [], problem: error.message };
    throw error;
  }
});

function formatRow({ name, extras, specifier, url = "" }: Requirement, marker: string): string {
  if (CONTROL.test(url)) throw new InvalidSyntax(`the URL of \`${name}\` holds a control character`);
  const safeMarker = marker.replace(/[\t\f]/g, escapeControl);
  return `${name}\t${extras.join(",")}\t${specifier}\t${safeMarker}\t${url}\n`;
}

/** The sections a requirement with this marker stands in, each with what remains of the marker there. */
const sectionsOf: (marker: string) => readonly (readonly [section: string, marker: string])[] = cachedByText(
  (marker) => {
    if (marker === "" || !marker.includes("extra")) return [["", marker]];
    const { expression } = parseMarker(marker);
    const comparisons = extraComparisons(expression);
    const named = new Set(comparisons.map(({ left, right }) => (left.isVariable ? right.text : left.text)));
    const areEqualities = comparisons.every(({ operator }) => operator === "==" || operator === "!=");
    const base = remains(expression, "");
    const canBeNamed = [...named].every((extra) => extra === "" || NAME.test(extra));
    if (!areEqualities || !canBeNamed || base !== remains(expression, ANOTHER)) return [[UNDECIDED, marker]];
    const sections: (readonly [string, string])[] = base === undefined ? [] : [["", base]];
    for (const extra of named) {
      const rest = extra === "" ? undefined : remains(expression, extra);
      if (rest !== undefined && rest !== base) sections.push([extra, rest]);
    }
    return sections;
  },
);

const readRow: (row: string) => Requirement = cachedByText((row) => {
  const [name, extras, specifier, marker, url] = row.split("\t") as [string, string, string, string, string];
  return Object.freeze({
    name,
    extras: extras === "" ? [] : extras.split(","),
    specifier,
    marker,
    ...(url !== "" && { url }),
  }) as unknown as Requirement;
});

function readSection(table: string, section: string): readonly Requirement[] {
  const start = table.indexOf(`\f${section}\n`);
  if (start === -1) return [];
  const end = table.indexOf("\f", start + 1);
  const rows = table.slice(start + section.length + 2, end === -1 ? table.length : end).split("\n");
  rows.pop();
  return rows.map(readRow);
}

/** Rows decided when they are read. An extra adds what does not hold without it in the same way. */
function decide(rows: readonly Requirement[], extra: string): readonly Requirement[] {
  return rows.flatMap((row) => {
    const { expression } = parseMarker(row.marker);
    const marker = remains(expression, extra);
    const isAdded = marker !== undefined && (extra === "" || marker !== remains(expression, ""));
    return isAdded ? [{ ...row, marker }] : [];
  });
}

/** As many as a process keeps metadata of. */
const MOST_TABLES = 5000;

/**
 * Opens a text of `encodeDependencies`; sections are decoded when asked for. Releases that require the same share their lists. Throws
 * nothing.
 */
export const openDependencies: (table: string) => DependencyTable = cachedByText((table) => {
  if (table.startsWith("!")) return { problem: table.slice(1), extras: [], requirements: () => [] };
  const header = table.slice(0, table.indexOf("\f"));
  const undecided = readSection(table, UNDECIDED);
  const known = new Map<string, readonly Requirement[]>();
  return {
    extras: (header === "" ? [] : header.split(",")) as unknown as readonly Extra[],
    requirements: (extra) => {
      let rows = known.get(extra);
      if (!rows) {
        rows = readSection(table, extra);
        if (undecided.length > 0) rows = [...rows, ...decide(undecided, extra)];
        known.set(extra, rows);
      }
      return rows;
    },
  };
}, MOST_TABLES);
