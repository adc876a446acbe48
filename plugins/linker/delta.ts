import { PybunError } from "../../plugin-api/error.ts";
import type { Artifact, Installed, Plan } from "../../plugin-api/model/environment.ts";

/** What is still to be done for a plan, in the environment as it really is. */
export interface Delta {
  readonly install: readonly Artifact[];
  readonly remove: readonly Installed[];
  readonly keep: readonly Installed[];
}

/**
 * The plan was made before the lock was ours. What another command has installed meanwhile in the same way is left alone;
 * what it has removed can't be brought back from here: `E_LINK_CHANGED`.
 */
export function deltaOf(plan: Plan, artifacts: readonly Artifact[], present: readonly Installed[]): Delta {
  const byName = new Map(present.map((installed) => [installed.name, installed]));
  for (const kept of plan.keep) if (byName.get(kept.name)?.version !== kept.version) throw changed(kept);
  const known = new Map(plan.existing?.installed.map((installed) => [installed.name, installed]));
  const isDone = ({ pin, entry }: Artifact): boolean => {
    const there = byName.get(pin.name);
    // Installing what was there already when the plan was made is on purpose.
    const before = known.get(pin.name);
    const isNew = !before?.isLost && before?.wheelSha256 !== entry.wheelSha256;
    return there !== undefined && isNew && there.wheelSha256 === entry.wheelSha256;
  };
  const install = artifacts.filter((artifact) => !isDone(artifact));
  const wanted = new Set([...artifacts.map(({ pin }) => pin.name), ...plan.keep.map(({ name }) => name)]);
  const replaced = new Set(install.map(({ pin }) => pin.name));
  const goes = new Set(plan.remove.map(({ name }) => name));
  const isGoing = ({ name }: Installed): boolean =>
    replaced.has(name) || (!wanted.has(name) && (goes.has(name) || plan.destination.isExact));
  return { install, remove: present.filter(isGoing), keep: present.filter((each) => !isGoing(each)) };
}

const changed = ({ name, version }: Installed): PybunError =>
  new PybunError("E_LINK_CHANGED", `another command removed or replaced ${name} ${version} meanwhile`, {
    evidence: ["nothing was changed"],
    hints: [],
    context: { package: name, version },
    isRetryable: true,
  });
