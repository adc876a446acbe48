import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { encodeLock } from "../../plugin-api/lock/encode.ts";
import { mergeLockPins } from "../../plugin-api/lock/merge.ts";
import { openLock } from "../../plugin-api/lock/open.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { changeLines } from "../../plugin-api/text/change-list.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { changesBetween, summary } from "./change.ts";
import { type Facts, SETTINGS, settingsIn } from "./facts.ts";
import { factsIn } from "./kept.ts";
import { inputsOfFacts } from "./recorded.ts";
import { placeOf, solve } from "./solve.ts";

/** What git gives: files with the ancestor's, our and their content, and the path all are versions of. */
interface Parents {
  readonly ancestor: Lock | undefined;
  readonly ours: Lock;
  readonly theirs: Lock;
}

/**
 * git's merge driver (SPEC LOCK-05): resolves again what both sides require, keeping the versions of the side that changed them,
 * and leaves the result where ours was. The project's file is not asked: git may not have merged it yet.
 */
export default async function merge(operands: readonly string[], session: Session): Promise<Report> {
  const [ancestorFile, oursFile, theirsFile, name] = operands.map((operand) => path.resolve(session.cwd, operand));
  if (ancestorFile === undefined || oursFile === undefined || theirsFile === undefined)
    throw usageError("lock", "`--merge-driver` takes the files of ancestor, ours and theirs, and the path");
  const place = await placeOf(name ?? oursFile, session);
  const read = (file: string) => openLock(fs.readFileSync(file), place).lock();
  const parents: Parents = {
    // Without a common ancestor git gives an empty file.
    ancestor: fs.statSync(ancestorFile).size === 0 ? undefined : read(ancestorFile),
    ours: read(oursFile),
    theirs: read(theirsFile),
  };
  const facts = mergedFacts(parents);
  const inputs = inputsOfFacts(facts, path.dirname(place.path), "one of the two locks");
  const upgrading = { upgrade: false, upgradePackage: [] };
  const order = { inputs, place, previous: mergedPins(parents), upgrading };
  const { lock } = await solve(order, session);
  writeAtomically(oursFile, encodeLock(lock, place));
  const changes = changesBetween(parents.ours, lock);
  return {
    exitCode: 0,
    data: { lockfile: oursFile, path: oursFile, up_to_date: false },
    text: (ui) => [...changeLines(changes.all, ui), summary(changes, "Merged")].join("\n"),
  };
}

/** What is required afterwards: what either side added, without what either removed. */
export function mergedFacts({ ancestor, ours, theirs }: Parents): Facts {
  const [old, own, other] = each([ancestor, ours, theirs], (lock) => factsIn(lock?.meta ?? {}));
  const merged = new Map<string, string>();
  for (const key of new Set([...own.keys(), ...other.keys()])) {
    if (key === SETTINGS) continue;
    const isGone = old.has(key) && !(own.has(key) && other.has(key));
    const sides = each([old, own, other], (facts) => new Set((facts.get(key) ?? "").split("\n")));
    if (!isGone)
      merged.set(
        key,
        [...threeWay(sides)]
          .filter((line) => line !== "")
          .sort()
          .join("\n"),
      );
  }
  return merged.set(SETTINGS, mergedSettings([old, own, other]));
}

type Three<T> = readonly [ancestor: T, ours: T, theirs: T];
const each = <T, R>([ancestor, ours, theirs]: Three<T>, make: (one: T) => R): Three<R> => [
  make(ancestor),
  make(ours),
  make(theirs),
];

const threeWay = ([old, own, other]: Three<ReadonlySet<string>>): ReadonlySet<string> =>
  new Set([...own, ...other].filter((line) => !old.has(line) || (own.has(line) && other.has(line))));

function mergedSettings(sides: Three<Facts>): string {
  const [old, own, other] = each(sides, settingsIn);
  const merged: Record<string, string> = {};
  for (const key of [...new Set([...Object.keys(own), ...Object.keys(other)])].sort()) {
    const value =
      own[key] === other[key] || other[key] === old[key] ? own[key] : own[key] === old[key] ? other[key] : null;
    if (value === null)
      throw new PybunError("E_LOCK_MERGE", `both sides of the merge changed \`${key}\``, {
        evidence: [`ours    ${own[key] ?? "not set"}`, `theirs  ${other[key] ?? "not set"}`],
        hints: ["settle pyproject.toml, then lock again: `pybun lock`"],
      });
    if (value !== undefined) merged[key] = value;
  }
  return JSON.stringify(merged);
}

/** The versions to keep: those of the side that changed them. Which package leads to which is for the resolver to find. */
function mergedPins({ ancestor, ours, theirs }: Parents): Lock {
  const { packages, forks } = mergeLockPins(ancestor, ours, theirs).preferences;
  return { ...ours, packages, forks, roots: [] };
}
