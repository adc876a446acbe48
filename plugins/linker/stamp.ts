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
  readonly keepsMode: boolean;
  /** Of the lock that comes with the change. */
  readonly lockSha256?: Sha256 | undefined;
}): Omit<EnvironmentStamp, "format" | "siteMtimeMs"> {
  const { plan, before, keep, packages, outcome, keepsMode } = change;
  const { basePath, version, identity } = plan.destination.interpreter;
  const wheels: Record<string, Sha256> = {};
  for (const { infoPath, wheelSha256 } of keep) if (wheelSha256) wheels[path.basename(infoPath)] = wheelSha256;
  for (const { layout, wheelSha256 } of packages) wheels[layout.infoDir] = wheelSha256;
  const origins = originsOf(keep, packages);
  const written = packages.flatMap((pkg) => [...pkg.commands]);
  const commands = { ...(keep.length > 0 && before?.commands), ...Object.fromEntries(written) };
  const linkMode = packages.length > 0 || keepsMode ? outcome.mode : before?.linkMode;
  // The same packages in another way are still equal to the lock.
  const isSame = plan.install.length + plan.remove.length === 0;
  const lockSha256 = change.lockSha256 ?? (isSame ? before?.lockSha256 : undefined);
  return {
    pybun: change.version,
    interpreter: { path: basePath, version, identity },
    ...(linkMode && { linkMode }),
    ...(keepsMode && { keepsMode }),
    generation: (before?.generation ?? 0) + 1,
    ...(plan.digest !== "" && { plan: plan.digest }),
    ...(lockSha256 && { lockSha256 }),
    wheels,
    ...(Object.keys(origins).length > 0 && { origins }),
    ...(Object.keys(commands).length > 0 && { commands }),
  };
}

/** A commit stays what it is: whoever finds it installed need not install it again. */
function originsOf(keep: readonly Installed[], packages: readonly Package[]): Readonly<Record<string, string>> {
  const kept = keep.map(({ infoPath, directUrl }) => [path.basename(infoPath), directUrl] as const);
  const made = packages.map(({ layout, directUrl }) => [layout.infoDir, directUrl] as const);
  const isCommit = (text: string | undefined): boolean => text?.includes('"commit_id"') === true;
  return Object.fromEntries([...kept, ...made].filter(([, text]) => isCommit(text))) as Record<string, string>;
}
