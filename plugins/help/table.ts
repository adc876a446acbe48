import { wrap } from "../../plugin-api/text/wrap.ts";

/** One line of a list; `right` stands in a column of its own where it fits. */
export interface Row {
  readonly left: string;
  readonly middle: string;
  readonly right?: string;
}

const INDENT = 2;
const GAP = 2;
/** A longer left part gets a line of its own, so that it doesn't push all others to the edge. */
const WIDEST_LEFT = 26;
const NARROWEST_MIDDLE = 20;

/**
 * Rows in aligned columns of at most `width` characters: the middle wraps at words, `right` follows in its column when
 * the row is a single line, else on the line below the middle. `least` is the least width of the left column.
 */
export function table(rows: readonly Row[], width: number, least = 0): readonly string[] {
  const lefts = rows.map(({ left }) => left.length).filter((length) => length <= WIDEST_LEFT);
  const column = Math.min(INDENT + Math.max(least, ...lefts) + GAP, Math.max(INDENT + GAP, width - NARROWEST_MIDDLE));
  const room = { width, indent: column };
  const folded = rows.map((row) => ({ ...row, lines: row.middle === "" ? [""] : wrap(row.middle, room) }));
  const right = rightColumn(folded, width);
  return folded.flatMap(({ left, right: aside = "", lines }) => {
    const [first = "", ...further] = lines;
    const fits = left.length + INDENT + GAP <= column || first === "";
    const head = fits
      ? [`${" ".repeat(INDENT)}${left}`.padEnd(column) + first.trimStart(), ...further]
      : [`  ${left}`, ...lines];
    const last = (head.at(-1) as string).trimEnd();
    if (aside === "") return [...head.slice(0, -1), last];
    const start = Math.max(right, last.length + GAP);
    const isBeside = start + aside.length <= width;
    return [...head.slice(0, -1), ...(isBeside ? [last.padEnd(start) + aside] : [last, " ".repeat(column) + aside])];
  });
}

/**
 * Where the right column starts: behind the longest row that leaves room for the widest right part, so that no row pushes that of
 * another to a line of its own. Longer rows put theirs further on.
 */
function rightColumn(rows: readonly { lines: readonly string[]; right?: string }[], width: number): number {
  const ends = rows
    .filter(({ right = "" }) => right !== "")
    .map(({ lines, right = "" }) => ({ end: (lines.at(-1) as string).length + GAP, taken: right.length }))
    .filter(({ end, taken }) => end + taken <= width);
  const widest = Math.max(0, ...ends.map(({ taken }) => taken));
  return Math.max(0, ...ends.filter(({ end }) => end + widest <= width).map(({ end }) => end));
}
