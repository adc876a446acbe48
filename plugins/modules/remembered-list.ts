import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { readRemembered, remember } from "../../plugin-api/system/remembered-file.ts";
import type { Universe } from "./find.ts";
import { stateOf } from "./folders.ts";
import { expanded, type Listed, type Row, scanAll, scanBelow } from "./scan.ts";
import type { Here } from "./universe.ts";

const KIND = "module-list 2";
/** A folder that changed this recently could change again without its time showing it. */
const SETTLED_MS = 100;

export interface ListOf {
  readonly here: Here;
  readonly entries: readonly string[];
  /** Only what lies in the entries, without what is part of the interpreter. */
  readonly isBelow: boolean;
}
export interface Timed {
  readonly listed: readonly Listed[];
  readonly scanMs: number;
  readonly isRemembered: boolean;
}

/** The modules that were found last time, as long as every folder that was looked into is as it was (SPEC MOD-03). */
export function remembered({ here, entries, isBelow }: ListOf, dataDir: string): Timed {
  const beganMs = performance.now();
  const universe = here.universe(entries, isBelow);
  const hooks = universe.editables.map(({ mapping, namespaces }) => [...mapping, ...namespaces]);
  const called = [isBelow, JSON.stringify([universe.facts, hooks]), ...entries].join("\n");
  const file = path.join(dataDir, "modules", `list-${sha256Of(called).slice(0, 32)}`);
  const known = recall(file);
  if (known) {
    const listed = expanded(known, universe);
    return { listed, scanMs: performance.now() - beganMs, isRemembered: true };
  }
  const startedMs = Date.now();
  const rows = isBelow ? scanBelow(universe) : scanAll(universe);
  const listed = expanded(rows, universe);
  const scanMs = performance.now() - beganMs;
  keep(file, { universe, rows, startedMs });
  return { listed, scanMs, isRemembered: false };
}

function recall(file: string): readonly Row[] | undefined {
  const text = readRemembered(file, KIND)?.body.toString();
  if (text === undefined) return undefined;
  const end = text.indexOf("\n\n");
  for (const line of text.slice(0, end).split("\n")) {
    const bar = line.indexOf("|");
    if (stateOf(line.slice(bar + 1)) !== line.slice(0, bar)) return undefined;
  }
  return JSON.parse(text.slice(end + 2)) as readonly Row[];
}

interface Scanned {
  readonly universe: Universe;
  readonly rows: readonly Row[];
  readonly startedMs: number;
}

function keep(file: string, { universe, rows, startedMs }: Scanned): void {
  const { folders, archives } = universe.places;
  const lines: string[] = [];
  const archived = [...archives.lookedAt].map((file) => [file, undefined] as const);
  for (const [looked, seen] of [...folders.lookedAt, ...archived]) {
    const state = seen ?? stateOf(looked);
    const isSettled = state === "absent" || Number.parseFloat(state) < startedMs - SETTLED_MS;
    if (!isSettled || looked.includes("\n")) return;
    lines.push(`${state}|${looked}`);
  }
  remember(file, KIND, () => Buffer.from(`${lines.join("\n")}\n\n${JSON.stringify(rows)}`));
}
