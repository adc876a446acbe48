import path from "node:path";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { EnvironmentStamp, Installed, Plan } from "../../plugin-api/model/environment.ts";
import type { Outcome } from "./materialize.ts";
import type { Package } from "./packages.ts";

/** The stamp of an environment after a change (SPEC ENV-09); the lock's hash is added by whoever syncs from a lock. */
export function stampFor(change: {
  readonly plan: Plan;
  readonly version: string;
  readonly before: EnvironmentStamp | undefined;
  readonly keep: readonly Installed[];
  readonly packages: readonly Package[];
  readonly outcome: Outcome;
}): Omit<EnvironmentStamp, "format" | "siteMtimeMs"> {
  const { plan, before, keep, packages, outcome } = change;
  const { basePath, version, identity } = plan.destination.interpreter;
  const wheels: Record<string, Sha256> = {};
  for (const { infoPath, wheelSha256 } of keep) if (wheelSha256) wheels[path.basename(infoPath)] = wheelSha256;
  for (const { layout, wheelSha256 } of packages) wheels[layout.infoDir] = wheelSha256;
  const origins = originsOf(keep, packages);
  const linkMode = packages.length > 0 ? outcome.mode : before?.linkMode;
  return {
    pybun: change.version,
    interpreter: { path: basePath, version, identity },
    ...(linkMode && { linkMode }),
    generation: (before?.generation ?? 0) + 1,
    ...(plan.digest !== "" && { plan: plan.digest }),
    wheels,
    ...(Object.keys(origins).length > 0 && { origins }),
  };
}

/** A commit stays what it is: whoever finds it installed need not install it again. */
function originsOf(keep: readonly Installed[], packages: readonly Package[]): Readonly<Record<string, string>> {
  const kept = keep.map(({ infoPath, directUrl }) => [path.basename(infoPath), directUrl] as const);
  const made = packages.map(({ layout, directUrl }) => [layout.infoDir, directUrl] as const);
  const isCommit = (text: string | undefined): boolean => text?.includes('"commit_id"') === true;
  return Object.fromEntries([...kept, ...made].filter(([, text]) => isCommit(text))) as Record<string, string>;
}
