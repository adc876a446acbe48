import os from "node:os";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { matches, type VersionWish } from "../../plugin-api/python/interpreter-request.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { Candidate } from "./candidates.ts";
import type { Place } from "./folders.ts";
import { type Identified, identify, identifyCached } from "./identify.ts";

/** An executable that looked like a Python and can't be used. */
export interface Unusable {
  readonly path: string;
  readonly reason: string;
}

/** Identifies candidates, a few at a time; the order of the answers is that of the candidates. */
export async function identifyAll(found: readonly Candidate[], place: Place): Promise<Identified[]> {
  const answers = found.map(({ path, source }) => tryCached(path, source, place));
  const open = answers.flatMap((answer, index) => (answer ? [] : [index]));
  const worker = async (): Promise<void> => {
    for (let index = open.shift(); index !== undefined; index = open.shift()) {
      const { path, source } = found[index] as Candidate;
      answers[index] = await identify(path, source, place).catch((error: Error) => ({ path, reason: error.message }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(open.length, Math.max(2, os.availableParallelism())) }, worker));
  return answers as Identified[];
}

function tryCached(path: string, source: Candidate["source"], place: Place): Identified | undefined {
  try {
    return identifyCached(path, source, place);
  } catch {
    return undefined;
  }
}

/**
 * The newest candidate that a wish allows: managed ones before all others, then by version, then by discovery
 * (SPEC PY-11). Names tell the minor version, so candidates are looked at from the newest minor version down, and no
 * further than the first that has a match. What can't be used is added to `unusable`.
 */
export async function selectNewest(
  found: readonly Candidate[],
  wish: VersionWish,
  { place, unusable }: { readonly place: Place; readonly unusable: Unusable[] },
): Promise<Interpreter | undefined> {
  const isManaged = (candidate: Candidate): boolean => candidate.source === "managed";
  for (const tier of [found.filter(isManaged), found.filter((candidate) => !isManaged(candidate))]) {
    let best: Interpreter | undefined;
    for (const [minor, group] of byMinor(tier)) {
      if (best && minorOf(best) > minor) break;
      for (const answer of await identifyAll(group, place)) {
        if (!("interpreter" in answer)) unusable.push(answer);
        else if (matches(wish, answer.interpreter) && (!best || isNewer(answer.interpreter, best)))
          best = answer.interpreter;
      }
    }
    if (best) return best;
  }
  return undefined;
}

const minorOf = ({ tags }: Interpreter): number => tags.python[1];

/** Those without a hint first, since they may be anything; then newest minor version first. */
function byMinor(found: readonly Candidate[]): [minor: number, group: Candidate[]][] {
  const groups = new Map<number, Candidate[]>();
  for (const candidate of found) {
    const minor = candidate.hint?.minor[1] ?? Number.POSITIVE_INFINITY;
    const group = groups.get(minor);
    if (group) group.push(candidate);
    else groups.set(minor, [candidate]);
  }
  return [...groups].sort(([a], [b]) => b - a);
}

export const isNewer = (a: Interpreter, b: Interpreter): boolean =>
  (versionKey(a.version) ?? "") > (versionKey(b.version) ?? "");
