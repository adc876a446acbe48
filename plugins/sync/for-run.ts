import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import type { Project } from "../../plugin-api/project/read-project.ts";
import { readProject } from "../../plugin-api/project/read-project.ts";
import { DECIDING } from "../../plugin-api/project/source-state.ts";
import { Environments, Host } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import type { ChosenEnvironment, ProjectWish } from "../../plugin-api/stages.ts";
import { isTerminal } from "../../plugin-api/system/terminal.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";
import { type Brought, bring } from "./bring.ts";
import { settings } from "./settings.ts";

const NOTHING_ASKED: ProjectWish = {
  noSync: false,
  locked: false,
  frozen: false,
  extra: [],
  allExtras: false,
  group: [],
  onlyGroup: [],
  noDev: false,
  package: [],
};

/**
 * Gives a program the project's own environment, with all in it that the project needs (SPEC RUN-02). Nothing else is removed from
 * it, and environments that others made are left as they are.
 */
const prepare: Prepare<"run"> = async (invocation, session) => {
  const isWanted = invocation.project !== undefined;
  const wish = invocation.project ?? NOTHING_ASKED;
  if (wish.noSync || (!isWanted && !settingsOf(session, settings).autoSync)) return invocation;
  if (!isWanted && !(await hasNeeds(session))) return invocation;
  const { source } = await (await session.use(Environments)).target();
  if (source !== "project" && !isWanted) return invocation;
  const environment = await together(wish, session);
  return invocation.demands?.length ? { ...invocation, base: environment } : { ...invocation, environment };
};
export default prepare;

/** Whether the folder belongs to a project that requires something, or is itself to be installed. */
async function hasNeeds(session: Session): Promise<boolean> {
  const { projectRoot } = await session.use(Host);
  const project = projectRoot === undefined ? undefined : readIfProject(projectRoot, session.cwd);
  if (project === undefined) return false;
  return project.members.some(
    ({ dependencies, groups, isPackage, dynamic }) =>
      isPackage || dynamic.has("dependencies") || dependencies.length > 0 || groups.size > 0,
  );
}

/** A folder may have a lock, or the settings of other tools, without being a project. */
function readIfProject(root: string, cwd: string): Project | undefined {
  const project = readProject(root, { cwd });
  return project.name === undefined && !project.isWorkspace ? undefined : project;
}

/** Programs that are started at the same time wait for one synchronisation. */
const underWay = new WeakMap<Host, Promise<ChosenEnvironment>>();

async function together(wish: ProjectWish, session: Session): Promise<ChosenEnvironment> {
  const run = await session.use(Host);
  const known = underWay.get(run) ?? synced(wish, session);
  underWay.set(run, known);
  return known;
}

async function synced(wish: ProjectWish, session: Session): Promise<ChosenEnvironment> {
  const want = wish.locked ? "locked" : wish.frozen ? "as it is" : "renewed";
  const order = { noInstallProject: false, noEditable: false, inexact: true, isDryRun: false, isFrozen: wish.frozen };
  const brought = await bring({ ...wish, ...order, want }, session).catch(async (error: unknown) => {
    throw await withWayRound(error, session);
  });
  tell(brought);
  const { root, source } = brought.target;
  const { python, sitePackages, interpreter } = await (await session.use(Environments)).read(root);
  session.emit({ type: "EnvSelected", path: root, source, version: interpreter.version });
  return { path: root, source, python, sitePackages, ...premisesOf(brought) };
}

/** What could not be brought up to date may still be good enough to run something. */
async function withWayRound(error: unknown, session: Session): Promise<unknown> {
  if (!(error instanceof PybunError) || session.signal.aborted) return error;
  const { selected } = await (await session.use(Environments)).target();
  if (!selected) return error;
  const { code, message, detail } = error;
  // A flag names what there is not: that is nothing of the environment.
  if (code === "E_PROJECT_PART") return error;
  if (code === "E_LINK_CONFLICT") {
    // A run takes nothing out, so what it meets may be left from before.
    const equal = "take out what the lock does not have: `pybun sync`";
    return new PybunError(code, message, { ...detail, hints: [equal, ...(detail.hints ?? [])] });
  }
  const hint = "run with the environment as it is: `pybun run --no-sync <target>`";
  return new PybunError(code, message, { ...detail, hints: [...(detail.hints ?? []).slice(0, 1), hint] });
}

/** What the choice rests on; a lock that was made just now has yet to be looked at. */
function premisesOf({ current, folders }: Brought): Pick<ChosenEnvironment, "decidedBy" | "isUnsettled"> {
  if (!current || current.changes || current.isStale || current.hasNotices) return { isUnsettled: true };
  const own = folders.flatMap((folder) => DECIDING.map((name) => path.join(folder, name)));
  return { decidedBy: [...current.decidedBy(), ...own] };
}

/** A file of the user was changed: that is said, where somebody sees it. */
function tell({ current }: Brought): void {
  if (!current?.changes || !isTerminal(2)) return;
  const counts = (["+", "~", "-"] as const).map(
    (sign) => current.changes?.filter((each) => each.sign === sign).length ?? 0,
  );
  const words = ["added", "changed", "removed"].flatMap((word, at) => (counts[at] ? [`${counts[at]} ${word}`] : []));
  writeOut(2, `updated ${current.shown}${words.length > 0 ? `: ${words.join(", ")}` : ""}\n`);
}
