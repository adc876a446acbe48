import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Expected } from "./judge.ts";
import { type Need, whyNot } from "./needs.ts";
import type { OperationName } from "./scene.ts";

/** One row of the fault matrix, or a part of one: what goes wrong, in what, and what must come of it. */
export interface FaultRow {
  /** Its number in the matrix; see `matrix.test.ts`. */
  readonly row: number;
  readonly fault: string;
  readonly operation: OperationName;
  readonly expected: Expected;
  readonly provoke: Provocation;
  /** It is fast enough for `npm test`, perhaps with fewer points; all others belong to `npm run faults`. */
  readonly isQuick?: boolean;
  /** Why no machine can check it yet. */
  readonly missing?: string;
}

/** A way to have something go wrong. Gives what was wrong with what came of it, one line each. */
export interface Provocation {
  readonly needs: readonly Need[];
  readonly provoke: (row: FaultRow, depth: Depth) => Promise<readonly string[]>;
}

/** How much of it: what `npm test` has time for, what `npm run faults` has, or each and every point there is. */
export type Depth = "quick" | "thorough" | "every";

export function depth(): Depth {
  const asked = process.env["TEST_FAULTS"];
  return asked === "every" ? "every" : asked === undefined ? "quick" : "thorough";
}

/** Makes each row a test, with `TEST_CASE=TEXT` each whose name has the text; those that this machine can't check are skipped, and say why. */
export function checkRows(rows: readonly FaultRow[]): void {
  for (const row of rows) {
    if (depth() === "quick" && !row.isQuick) continue;
    const name = `row ${row.row}, ${row.operation}: ${row.fault}`;
    if (!name.includes(process.env["TEST_CASE"] ?? "")) continue;
    const reason = row.missing ?? whyNot(row.provoke.needs);
    if (reason !== undefined) test.skip(`${name} (skipped: ${reason})`, () => {});
    else test(name, () => checkRow(row, name));
    if (reason !== undefined && depth() !== "quick") console.log(`skipped: ${name}: ${reason}`);
  }
  test.run();
}

async function checkRow(row: FaultRow, name: string): Promise<void> {
  const startedAtMs = performance.now();
  const faults = await row.provoke.provoke(row, depth());
  if (depth() !== "quick") console.log(`${name}: ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
  assert.equal(faults, []);
}
