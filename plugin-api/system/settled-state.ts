import fs from "node:fs";
import { stateLine } from "../launch/state.ts";

/** So long after a change the next one has another time, also where the system's clock for files ticks slowly. */
const TICK_NS = 100_000_000n;
/** On file systems that know seconds only. */
const SECOND_NS = 1_000_000_000n;

/**
 * What tells whether a file or folder has changed: its number, its size and its times to the last digit. Undefined where there is
 * none, and where the next change might leave it as it is, because the last one was just now.
 */
export function settledState(file: string): string | undefined {
  const stat = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat && isSettled(stat.ctimeNs) ? `${contentOf(stat)} ${stat.ctimeNs}` : undefined;
}

/** The same for a file that gets and loses names all the time, which changes one of its times. Who sets the other back is not seen. */
export function settledContent(file: string): string | undefined {
  const stat = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat && isSettled(stat.mtimeNs) ? contentOf(stat) : undefined;
}

/** The line of a folder as stamps have it; empty where that would not show the next change. */
export function settledLine(folder: string): string {
  const stat = fs.statSync(folder, { bigint: true, throwIfNoEntry: false });
  return stat && isSettled(stat.mtimeNs) ? stateLine(folder) : "";
}

const contentOf = ({ dev, ino, size, mtimeNs }: fs.BigIntStats): string => `${dev} ${ino} ${size} ${mtimeNs}`;

function isSettled(timeNs: bigint): boolean {
  const tickNs = timeNs % SECOND_NS === 0n ? 3n * SECOND_NS : TICK_NS;
  return BigInt(Date.now()) * 1_000_000n - timeNs > tickNs;
}

/**
 * Has a process that runs one command after the other keep what it made of files, as long as each is what it was; of `most`
 * files at most.
 */
export function keptByState<T>(
  most: number,
  make: (file: string) => T,
  stateOf: (file: string) => string | undefined = settledState,
): (file: string) => T {
  const kept = new Map<string, { readonly state: string; readonly made: T }>();
  return (file) => {
    // Before it is read: what changes meanwhile has another state.
    const state = stateOf(file);
    const known = kept.get(file);
    if (known !== undefined && known.state === state) return known.made;
    const made = make(file);
    kept.delete(file);
    if (state !== undefined) kept.set(file, { state, made });
    for (const oldest of kept.size > most ? [...kept.keys()].slice(0, 1) : []) kept.delete(oldest);
    return made;
  };
}
