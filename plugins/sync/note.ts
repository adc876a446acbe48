import path from "node:path";
import { imageFile } from "../../plugin-api/environment-image.ts";
import { OWN_ENVIRONMENT, type Sources } from "../../plugin-api/launch/renewal.ts";
import { DECIDING, sourceState } from "../../plugin-api/project/source-state.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { readEnvironmentStamp, STAMP_FILE } from "../../plugin-api/system/environment-stamp.ts";
import { leaveNote, leaveRenewal, pythonsPremises, upToDate } from "../../plugin-api/system/leave-note.ts";
import { isToldOf } from "../../plugin-api/text/plan-changes.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { Brought } from "./bring.ts";
import { textOf } from "./report.ts";

/** What the next call of the same command need not find out again. */
export async function leaveWord(...call: Parameters<typeof noteUnchanged>): Promise<void> {
  await noteUnchanged(...call);
  await noteMade(...call);
}

/** Notes that there is nothing to do (SPEC LNK-08), unless something has to be told each time. */
async function noteUnchanged(command: "sync" | "install", brought: Brought, session: Session): Promise<void> {
  const { current, plan, target, folders } = brought;
  const { environment } = target.selected ?? {};
  const isSame = plan.install.length === 0 && plan.remove.length === 0;
  if (!isSame || !environment || !current || current.isStale || current.hasNotices) return;
  const { root, interpreter } = target;
  const { sitePackages } = environment;
  const files = [
    ...current.decidedBy(),
    ...folders.flatMap((folder) => DECIDING.map((name) => path.join(folder, name))),
    ...["pyvenv.cfg", STAMP_FILE].map((name) => path.join(root, name)),
    sitePackages,
    environment.python,
    interpreter.path,
    interpreter.basePath,
  ];
  const text = upToDate(counted(plan.keep.filter(isToldOf(current.project)).length, "package"));
  await leaveNote({ command, text, files, sitePackages }, session);
}

/**
 * Notes how the project's environment was made of nothing, so that the same of its lock can be installed again at once. One
 * with parts that would be built anew, or about which something had to be said, is made step by step each time.
 */
async function noteMade(
  command: "sync" | "install",
  { current, plan, target, folders, areEditable, begunAtMs, isWhole }: Brought,
  session: Session,
): Promise<void> {
  const isNew = target.selected === undefined && target.replaced === undefined && plan.install.length > 0;
  if (!isNew || !areEditable || !current || current.isStale || current.hasNotices) return;
  const host = await session.use(Host);
  const sources = folders.map((folder) => [folder, sourceState(folder, host.env, begunAtMs)] as const);
  if (!areTold(sources)) return;
  const { root, interpreter, source } = target;
  // One that is active, or asked for, would be chosen where the project has none.
  if (source !== "project" || host.env["VIRTUAL_ENV"] || host.env["PYBUN_ENV"]) return;
  const stamp = readEnvironmentStamp(root);
  if (stamp?.image === undefined || path.relative(session.cwd, root) !== path.normalize(OWN_ENVIRONMENT)) return;
  const count = plan.install.filter(isToldOf(current.project)).length;
  const text = (ui: TextStyle): string => textOf({ plan, current }, { verb: "Synced", took: "{took}" }, ui);
  const files = [...current.decidedBy(), ...pythonsPremises(interpreter, host)];
  const image = imageFile(host.dataDir, stamp.image);
  const said = { text, upToDate: upToDate(counted(count, "package")) };
  await leaveRenewal({ command, root, files, sources, image, ...said, isWhole }, session);
}

const areTold = (sources: readonly (readonly [string, string | undefined])[]): sources is Sources =>
  sources.every(([, state]) => state !== undefined);
