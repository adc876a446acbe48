import type { Row, Timing } from "./scenario.ts";

const COLUMNS = [
  ["scenario", 26],
  ["pybun", 18],
  ["peer", 24],
  ["ratio", 6],
  ["target", 10],
  ["MiB", 9],
] as const;

export const tableHead = (): string =>
  `${line(COLUMNS.map(([title]) => title))}\n${"-".repeat(103)}  (milliseconds, median and minimum)`;

/** One line; a target that is missed says so, and a mark says why the row can't be trusted. */
export function formatRow(row: Row): string {
  const verdict = row.target === undefined ? "" : `${row.target} ${row.ratio <= row.target ? "yes" : "NO"}`;
  const cells = [
    row.scenario,
    show(row.pybun),
    `${row.peer} ${show(row.other)}`,
    row.ratio.toFixed(2),
    verdict,
    row.peakMb?.join(" / ") ?? "",
  ];
  return line(cells) + (row.mark === undefined ? "" : `  ${row.mark}`);
}

const show = ({ medianMs, minMs }: Timing): string => `${digits(medianMs)} (${digits(minMs)})`;
const digits = (ms: number): string => ms.toFixed(ms < 100 ? 1 : 0);
const line = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => cell.padEnd(COLUMNS[index]?.[1] ?? 0))
    .join("  ")
    .trimEnd();
