import { bestFile } from "../../plugin-api/lock/choose-file.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import { tagScorer } from "../../plugin-api/python/tags.ts";
import type { Change } from "../../plugin-api/text/change-list.ts";
import type { Changes } from "./change.ts";

/** The result as JSON (SPEC PRJ-30, RES-18). */
export function dataOf(result: {
  readonly file: string;
  readonly lock: Lock;
  readonly changes: Changes;
  readonly isDryRun: boolean;
  /** The one in use, which decides `artifact`; absent where none was looked for. */
  readonly interpreter?: Interpreter;
  /** Absent when nothing had to be resolved. */
  readonly resolutionMs?: number;
}): Record<string, unknown> {
  const { file, lock, changes, isDryRun, interpreter, resolutionMs } = result;
  const pick = interpreter && pickerFor(interpreter);
  const of = (sign: Change["sign"]) => changes.all.filter((change) => change.sign === sign);
  const releases = (sign: "+" | "-") =>
    of(sign).flatMap(({ name, from, to }) => [...from, ...to].map((version) => ({ name, version })));
  return {
    lockfile: file,
    path: file,
    up_to_date: resolutionMs === undefined,
    dry_run: isDryRun,
    packages: lock.packages.map((each) => describe(lock, each, pick)),
    added: releases("+"),
    removed: releases("-"),
    changed: of("~").map(({ name, from, to }) => ({ name, from, to })),
    unchanged: changes.unchanged,
    forks: lock.forks,
    from_cache: resolutionMs === undefined,
    attempts: resolutionMs === undefined ? 0 : (lock.attempts ?? null),
    resolution_ms: resolutionMs ?? 0,
  };
}

type Pick = (locked: LockedPackage) => DistributionFile | undefined;

function describe({ packages }: Lock, locked: LockedPackage, pick: Pick | undefined): Record<string, unknown> {
  const { name, version, source, marker, extras, dependencies } = locked;
  const file = pick?.(locked);
  return {
    name,
    version,
    source,
    marker,
    extras,
    dependencies: dependencies.map((edge) => ({
      name: packages[edge.to]?.name,
      version: packages[edge.to]?.version,
      marker: edge.marker,
      extras: edge.extras,
    })),
    artifact: file ? { file: file.filename, kind: file.kind, sha256: file.sha256 ?? null } : null,
  };
}

/** The file that this machine would take; none where the package is not wanted. */
function pickerFor({ tags, markers }: Interpreter): Pick {
  const score = tagScorer(tags);
  return (locked) =>
    locked.marker === "" || evaluateMarker(locked.marker, markers) ? bestFile(locked, score) : undefined;
}
