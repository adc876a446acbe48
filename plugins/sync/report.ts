import { keepingVersions } from "../../plugin-api/lock/foreign-lock.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type Change, changeLines } from "../../plugin-api/text/change-list.ts";
import { targetData } from "../../plugin-api/text/environment-data.ts";
import { changesOfPlan, isToldOf } from "../../plugin-api/text/plan-changes.ts";
import { counted, formatDuration } from "../../plugin-api/text/units.ts";
import type { Brought } from "./bring.ts";

export interface Told {
  readonly verb: "Synced" | "Locked and installed" | "Would sync" | "Stale";
  readonly isDryRun: boolean;
  /** Files that were compared with what was installed. */
  readonly verifiedFiles?: number;
}

/** The change list and the line below it (cli-text: S7 to S9). */
export async function reportOf(brought: Brought, told: Told, session: Session): Promise<Report> {
  const { lockfile, source, plan, target, current } = brought;
  const [{ startedAtMs }, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  const took = formatDuration(Math.max(0, clock.nowMs() - startedAtMs));
  const changes = changesOfPlan(plan);
  const of = (sign: Change["sign"]) => changes.filter((change) => change.sign === sign);
  const [added, changed, removed] = [of("+"), of("~"), of("-")];
  const isSame = changes.length === 0;
  const isFirst = current?.changes !== undefined && current.before === undefined;
  return {
    nextActions: isFirst ? keepingVersions(current.project.root, session.cwd) : [],
    exitCode: told.verb === "Stale" && !isSame ? 1 : 0,
    data: {
      lockfile,
      env: targetData(target),
      source,
      installed: added.map(({ name, to }) => ({ name, version: to[0] })),
      changed: changed.map(({ name, from, to }) => ({ name, from: from[0], to: to[0] })),
      removed: removed.map(({ name, from }) => ({ name, version: from[0] })),
      kept: plan.keep.length,
      up_to_date: isSame,
      dry_run: told.isDryRun,
      ...(told.verifiedFiles !== undefined && { verified_files: told.verifiedFiles }),
    },
    text: (ui) => textOf(brought, { ...told, took }, ui),
  };
}

/** The change list and the line below it; `took` is the time it took. */
export function textOf(
  { plan, current }: Pick<Brought, "plan" | "current">,
  told: Pick<Told, "verb"> & { readonly took: string },
  ui: TextStyle,
): string {
  const { took } = told;
  const isTold = isToldOf(current?.project);
  const kept = plan.keep.filter(isTold).length;
  const changes = changesOfPlan(plan);
  if (changes.length === 0) return `${ui.ok("Up to date")}: ${counted(kept, "package")} ${ui.dim(`in ${took}`)}`;
  const shown = changes.filter(isTold);
  const count = (sign: Change["sign"]): number => shown.filter((change) => change.sign === sign).length;
  const counts = [
    [count("+"), "installed"] as const,
    [count("~"), "changed"] as const,
    [count("-"), "removed"] as const,
  ];
  const some = counts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  const isOnlyOwn = some.length === 0;
  const parts = [...(isOnlyOwn ? ["the project itself"] : some), ...(isOnlyOwn && kept === 0 ? [] : [`${kept} kept`])];
  return [...changeLines(shown, ui), summary({ told, parts, took, added: count("+") }, ui)].join("\n");
}

interface Line {
  readonly told: Pick<Told, "verb">;
  readonly parts: readonly string[];
  readonly took: string;
  readonly added: number;
}

function summary({ told: { verb }, parts, took, added }: Line, ui: TextStyle): string {
  if (verb === "Stale") return `${ui.err("Stale")}: the environment differs from the lock`;
  if (verb === "Would sync") return `${ui.ok("Would sync")}: ${parts.join(", ")}`;
  if (verb === "Locked and installed" && added > 0 && parts.length === 2 && parts[1] === "0 kept")
    return `${ui.ok("Locked")} and installed ${counted(added, "package")} ${ui.dim(`in ${took}`)}`;
  return `${ui.ok("Synced")}: ${parts.join(", ")} ${ui.dim(`in ${took}`)}`;
}
