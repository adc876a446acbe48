import type { TextStyle } from "../report.ts";

/**
 * Rows in columns under a dim head, two blanks between them. Numbers, which end at the same place, but for the columns of
 * words: these are told by their positions.
 */
export function alignedTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { ui, words }: { readonly ui: TextStyle; readonly words: readonly number[] },
): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (words.includes(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  return [ui.dim(line(head)), ...rows.map(line)].join("\n");
}
