import type { Waited } from "./trial.ts";

/** Whether the program is the same when these entries are denied; gives what waited besides. */
export type Holds = (
  deny: readonly string[],
) => Promise<{ readonly isSame: boolean; readonly waited: readonly Waited[] }>;

/** What can be denied at each step: whole packages as importers, their modules, single imports. */
const STEPS: readonly ((waited: Waited) => readonly string[])[] = [
  ({ importer }) => [`${importer.split(".")[0]}:*`],
  ({ importer }) => [`${importer}:*`],
  ({ importer, modules }) => modules.map((module) => `${importer}:${module}`),
];

/** After so many runs the finest entries that are known by then are taken. */
export const MOST_RUNS = 80;

/**
 * A small list of entries to deny with which the program is the same: first the packages whose imports must not wait, then within
 * them the modules, then their single imports. Undefined where no such list does.
 */
export async function findCulprits(first: readonly Waited[], holds: Holds): Promise<readonly string[] | undefined> {
  let runs = 0;
  let seen = [...first];
  const check = async (deny: readonly string[]): Promise<boolean> => {
    if (++runs > MOST_RUNS) return false;
    const { isSame, waited } = await holds(deny);
    seen = merged(seen, waited);
    return isSame;
  };
  let culprits: readonly string[] | undefined;
  for (const entriesOf of STEPS) {
    const inside = (entry: Waited) => culprits === undefined || culprits.some((parent) => isBelow(entry, parent));
    let entries = unique(seen.filter(inside).flatMap(entriesOf));
    // What is denied lets other modules run, whose imports wait in turn.
    for (let known = -1; !(await check(entries)); ) {
      if (runs > MOST_RUNS || known === entries.length) return culprits;
      known = entries.length;
      entries = unique([...entries, ...seen.filter(inside).flatMap(entriesOf)]);
    }
    culprits = await reduce(entries, check);
  }
  return culprits;
}

const isBelow = ({ importer }: Waited, parent: string): boolean => {
  const name = parent.slice(0, parent.indexOf(":"));
  return importer === name || importer.startsWith(`${name}.`);
};

const unique = (entries: readonly string[]): readonly string[] => [...new Set(entries)];

function merged(one: readonly Waited[], other: readonly Waited[]): Waited[] {
  const byPlace = new Map([...one, ...other].map((waited) => [`${waited.importer}:${waited.line}`, waited]));
  return [...byPlace.values()];
}

/** The fewest of the entries that will still do, by leaving out ever smaller parts of them. */
async function reduce(
  entries: readonly string[],
  holds: (entries: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  let left = entries;
  let parts = 2;
  while (left.length > 1) {
    const size = Math.ceil(left.length / parts);
    const chunks = Array.from({ length: Math.ceil(left.length / size) }, (_, at) =>
      left.slice(at * size, (at + 1) * size),
    );
    const smaller = await smallerOf(left, chunks, holds);
    if (smaller) {
      parts = smaller.length < left.length / 2 ? 2 : Math.max(parts - 1, 2);
      left = smaller;
    } else if (size === 1) return left;
    else parts = Math.min(parts * 2, left.length);
  }
  return left;
}

async function smallerOf(
  left: readonly string[],
  chunks: readonly (readonly string[])[],
  holds: (entries: readonly string[]) => Promise<boolean>,
): Promise<readonly string[] | undefined> {
  for (const chunk of chunks) if (chunk.length < left.length && (await holds(chunk))) return chunk;
  if (chunks.length > 2)
    for (const chunk of chunks) {
      const rest = left.filter((entry) => !chunk.includes(entry));
      if (await holds(rest)) return rest;
    }
  return undefined;
}
