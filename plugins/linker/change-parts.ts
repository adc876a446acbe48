import fs from "node:fs";
import path from "node:path";
import {
  type ChangeNote,
  finishChange,
  type StampNote,
  stagingOf,
} from "../../plugin-api/system/environment-change.ts";
import { commitMoves, type Move } from "../../plugin-api/system/journal.ts";
import { dropStaged, markNote, type ProjectChange, stageFiles } from "../../plugin-api/system/project-change.ts";
import { type Assembled, assemble, type Goal } from "./assemble.ts";
import { copyOver } from "./carry-over.ts";
import type { Builder } from "./materialize.ts";
import { keepSpare } from "./spare/spares.ts";
import { type Difference, differences } from "./tree.ts";

/** An environment that is there, and what is to change in it. */
export interface Changing {
  readonly goal: Omit<Goal, "disk">;
  readonly builder: Builder;
  /** Absent for the installation of a Python, which is no environment of ours. */
  readonly stamp?: (() => StampNote["stamp"]) | undefined;
  /** Files that take effect with it. */
  readonly files?: ProjectChange | undefined;
  /** Where what is replaced may go: a folder of this process's own. */
  readonly aside: string | undefined;
  readonly dataDir: string;
}

/**
 * Changes an environment: everything new is staged inside it, then put in place by a journal of moves (SPEC LNK-06). Where
 * something is replaced or removed, site-packages changes as a whole in one instant if that is not too much to carry over.
 */
export async function changeParts({ goal, builder, stamp, files, aside, dataDir }: Changing): Promise<Assembled> {
  const { root, layout } = goal;
  const assembled = assemble({ ...goal, disk: root });
  const found = differences(assembled.tree.root).sort(byOrder(layout.site));
  const staging = stagingOf(root).inside;
  try {
    fs.mkdirSync(staging);
    const isIn = ({ path: at }: Difference): boolean => at.startsWith(`${layout.site}/`);
    const isReplacing = found.some((difference) => isIn(difference) && difference.before !== undefined);
    const isWhole = isReplacing && copyOver(assembled.site, path.join(staging, "site"), builder);
    const others = isWhole ? found.filter((difference) => !isIn(difference)) : found;
    const first = files ? stageFiles(staging, files, root) : [];
    const moves: Move[] = [
      ...first,
      ...(isWhole ? [{ from: "site", to: layout.site }] : []),
      ...others.map((difference, index) => stage(difference, { staging, index, builder })),
    ];
    const stamped: ChangeNote | undefined = stamp && { root: ".", sitePackages: layout.site, stamp: stamp() };
    const note = files ? { ...stamped, ...markNote(staging, files.root) } : stamped;
    const replaced = await commitMoves(staging, { moves, note, aside }, finishChange(staging));
    if (isWhole && replaced !== undefined)
      keepSpare(path.join(root, layout.site), path.join(replaced, `${first.length}`), dataDir);
  } catch (error) {
    // With a journal the change has begun, and whoever comes next completes it.
    if (!fs.existsSync(path.join(staging, "journal.json"))) {
      fs.rmSync(staging, { recursive: true, force: true });
      if (files) dropStaged(files.root);
    }
    throw error;
  }
  return assembled;
}

/** A package's metadata comes after its modules, and commands come last: what can be seen can be used. */
function byOrder(site: string): (a: Difference, b: Difference) => number {
  const rank = ({ path: at }: Difference): number =>
    !at.startsWith(`${site}/`) ? 2 : at.includes(".dist-info") ? 1 : 0;
  return (a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1);
}

function stage(
  { path: to, node }: Difference,
  { staging, index, builder }: { readonly staging: string; readonly index: number; readonly builder: Builder },
): Move {
  if (!node) return { to };
  const from = String(index);
  builder.build(node, path.join(staging, from));
  return { from, to };
}
