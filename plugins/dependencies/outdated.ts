import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { Locks } from "../../plugin-api/lock/current.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import type { outdated as spec } from "./commands.ts";
import { holderWords } from "./holders.ts";
import { lockedNames } from "./locked-names.ts";
import { isAbove, type Standing, survey } from "./survey.ts";

/** SPEC PRJ-60. */
const outdated: RunOf<typeof spec> = async (options, operands, session) => {
  const locks = await session.use(Locks);
  const now = await locks.current("as it is");
  if (now.isStale)
    session.emit({
      type: "Diagnostic",
      diagnostic: warning("W_LOCK_STALE", `${now.shown} does not match the project; it is compared as it is`, {
        hints: ["update it: `pybun lock`"],
      }),
    });
  const names = lockedNames(operands, now.lock, "outdated");
  const after = await locks.current("renewed", { isDryRun: true, upgrading: { upgrade: true, upgradePackage: [] } });
  const rows = await survey({ now: now.lock, after, ...(names.length > 0 && { names: new Set(names) }) }, session);
  const fitting = rows.filter(fitsNewer);
  return {
    exitCode: options.exitCode && rows.length > 0 ? 1 : 0,
    data: { lockfile: now.file, packages: rows.map(dataOf) },
    text: (ui) => (rows.length === 0 ? "" : tableOf(rows, ui).join("\n")),
    nextActions:
      fitting.length === 0
        ? []
        : [
            {
              command: ["pybun", "upgrade"],
              why: `${fitting.length} of ${rows.length} ${fitting.length === 1 ? "fits" : "fit"} your constraints`,
            },
          ],
  };
};
export default outdated;

/** A newer one may be taken without a change of the project's words. */
const fitsNewer = ({ fits, current }: Standing): boolean => isAbove(fits.at(-1) ?? "", current.at(-1));

const dataOf = (row: Standing) => ({
  name: row.name,
  current: row.current.at(-1),
  ...(row.current.length > 1 && { all_current: row.current }),
  compatible: row.fits.at(-1),
  latest: row.latest,
  kind: isAbove(row.latest, row.fits.at(-1)) ? "out-of-range" : "in-range",
  constraint: row.heldBy.length === 0 ? null : row.heldBy.map(holderWords).join("; "),
  held_by: row.heldBy.map(({ kind, requirement, origin }) => ({ kind, requirement, origin })),
  yanked: row.isYanked,
  direct: row.isDirect,
  group: row.groups.join(", "),
});

const HEAD = ["package", "current", "fits", "latest", "held by"];

/** Aligned columns; the first column is bold for what the project asks for itself (cli-text: S12). */
function tableOf(rows: readonly Standing[], ui: TextStyle): readonly string[] {
  const cells = rows.map((row) => [
    row.name,
    row.current.join(", ") + (row.isYanked ? " (yanked)" : ""),
    row.fits.join(", "),
    row.latest,
    heldWords(row),
  ]);
  const widths = HEAD.map((head, at) => Math.max(head.length, ...cells.map((line) => (line[at] as string).length)));
  const padded = (line: readonly string[], paints: readonly ((text: string) => string)[]): string =>
    line
      .map(
        (cell, at) => (paints[at] as (text: string) => string)(cell) + " ".repeat((widths[at] as number) - cell.length),
      )
      .join("  ")
      .trimEnd();
  const plain = (text: string): string => text;
  return [
    padded(
      HEAD,
      HEAD.map(() => ui.dim),
    ),
    ...rows.map((row, at) =>
      padded(cells[at] as readonly string[], [
        row.isDirect ? ui.name : plain,
        plain,
        fitsNewer(row) ? ui.add : plain,
        isAbove(row.latest, row.fits.at(-1)) ? ui.chg : plain,
        plain,
      ]),
    ),
  ];
}

function heldWords({ heldBy: [first, ...others] }: Standing): string {
  if (first === undefined) return "";
  return holderWords(first) + (others.length === 0 ? "" : `, and ${others.length} more`);
}
