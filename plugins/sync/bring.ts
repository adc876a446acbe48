import fs from "node:fs";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { type CurrentLock, Locks } from "../../plugin-api/lock/current.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Plan } from "../../plugin-api/model/environment.ts";
import type { InstallsInto } from "../../plugin-api/model/lock.ts";
import type { Resolution } from "../../plugin-api/model/resolution.ts";
import { type AskedParts, type Parts, partsOf } from "../../plugin-api/project/parts.ts";
import { readProject } from "../../plugin-api/project/read-project.ts";
import { Environments, Host, Provision, type TargetEnvironment } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { inReach } from "../../plugin-api/system/out-of-reach.ts";
import type { ProjectChange } from "../../plugin-api/system/project-change.ts";
import { withFittingPython } from "./fitting-python.ts";
import { fromHere } from "./from-here.ts";
import { installedPins, ownPins } from "./own-pins.ts";
import { stampLock } from "./stamp-lock.ts";
import { withInstalled } from "./unchanged.ts";

/** How a project's environment is to be made equal to its lock. */
export interface Order extends AskedParts {
  readonly want: Parameters<Locks["current"]>[0];
  /** A lock that does not match is no reason for a word. */
  readonly isFrozen: boolean;
  readonly noInstallProject: boolean;
  readonly noEditable: boolean;
  readonly inexact: boolean;
  /** Nothing is written, neither lock nor environment. */
  readonly isDryRun: boolean;
}
export interface Brought {
  /** What was made true; absolute path. */
  readonly lockfile: string;
  /** The lock as it was, one that was made of the project just now, or another tool's file. */
  readonly source: "lock" | "pyproject" | "file";
  /** The project's own lock. */
  readonly current?: CurrentLock;
  readonly plan: Plan;
  readonly target: TargetEnvironment;
  /** Folders of projects that are installed from where they lie. */
  readonly folders: readonly string[];
  /** All of them so that a change to them counts at once. */
  readonly areEditable: boolean;
  /** Before any of them was built; milliseconds since 1970. */
  readonly begunAtMs: number;
  /** The environment now holds what the lock says for the project as a whole, and nothing else. */
  readonly isWhole: boolean;
}

/** Reads or renews the lock, chooses from it for the environment's Python, and carries the difference out. */
export async function bring(order: Order, session: Session): Promise<Brought> {
  await checkNames(order, session);
  const { isDryRun } = order;
  const found = targetOnce(session);
  const installs = async () => installsInto(await found());
  const current = await (await session.use(Locks)).current(order.want, { isDryRun, installs });
  if (current.isStale && !order.isFrozen) session.emit({ type: "Diagnostic", diagnostic: staleWarning(current) });
  const parts = partsOf(current.project, order, session.cwd);
  return installFrom({ current, parts, order, isExact: !order.inexact, found }, session);
}

/** A name that nothing has is told before a lock is made. */
async function checkNames(order: Order, session: Session): Promise<void> {
  const { projectRoot } = await session.use(Host);
  const isNamed = [order.extra, order.group, order.onlyGroup, order.package].some((names) => names.length > 0);
  if (projectRoot !== undefined && isNamed) partsOf(readProject(projectRoot, { cwd: session.cwd }), order, session.cwd);
}

/** Where packages go, found out once: while a lock is made it is only looked at, and what is said of it is said once. */
export function targetOnce(session: Session): () => Promise<TargetEnvironment> {
  let target: Promise<TargetEnvironment> | undefined;
  return () => (target ??= session.use(Environments).then((environments) => environments.target()));
}

/** As a lock that is being made is told. */
export const installsInto = ({ interpreter, selected }: TargetEnvironment): InstallsInto => ({
  interpreter,
  installed: new Map(
    selected?.environment.installed.flatMap(({ name, version, isLost }) => (isLost ? [] : [[name, version] as const])),
  ),
});

/** What to install of a lock. */
export interface Installing {
  readonly current: CurrentLock;
  readonly parts: Parts;
  readonly order: Order;
  readonly isExact: boolean;
  /** Where it is not exact, what goes all the same. */
  readonly removes?: ReadonlySet<string>;
  /** Where it goes. */
  readonly found: () => Promise<TargetEnvironment>;
  /** Files that take effect with the environment. */
  readonly files?: ProjectChange;
  /** The project itself stays as it is installed, or is not: what it says of itself is about to change. */
  readonly keepsProject?: boolean;
  /** Whether the environment will hold what the lock says for the project as a whole; by default as the order has it. */
  readonly isWholeIn?: (target: TargetEnvironment) => boolean;
}

/** Chooses from a lock for the environment's Python, and carries the difference out. */
export async function installFrom(installing: Installing, session: Session): Promise<Brought> {
  const { current, parts, order, isExact, removes, files } = installing;
  const begunAtMs = Date.now();
  const found = await installing.found();
  const { choice } = parts;
  const isStrict = order.want === "locked";
  const { target, resolution: locked } = await withFittingPython({ current, choice, target: found, isStrict }, session);
  const resolution = await chosen({ ...installing, target, locked }, session);
  const areAll = parts.members.length === current.project.members.length;
  const hasAll = installing.isWholeIn?.(target) ?? (areAll && isWhole(order));
  const { isDryRun } = order;
  const lockSha256 = hasAll && !isDryRun ? current.sha256() : undefined;
  const noted = files && { ...files, ...(lockSha256 && { lockSha256 }) };
  const plan = await carryOut(resolution, { target, isExact, removes, files: noted, lockSha256, isDryRun }, session);
  if (!isDryRun && !files) await stampLock(target.root, lockSha256, session);
  const local = resolution.pins.flatMap(({ source }) => (source.kind === "path" ? [source] : []));
  const [folders, areEditable] = [local.map((each) => each.path), local.every((each) => each.isEditable === true)];
  const source = current.changes ? "pyproject" : "lock";
  return {
    lockfile: current.file,
    source,
    current,
    plan,
    target,
    folders,
    areEditable,
    begunAtMs,
    isWhole: hasAll && !isDryRun,
  };
}

/** The environment then holds what the lock says for the project as a whole, and nothing else. */
const isWhole = (order: Order): boolean =>
  ![order.inexact, order.allExtras, order.noDev, order.noInstallProject].includes(true) &&
  [order.extra, order.group, order.onlyGroup, order.package].every((list) => list.length === 0);

export interface Way {
  readonly target: TargetEnvironment;
  readonly isExact: boolean;
  readonly removes?: ReadonlySet<string> | undefined;
  readonly files?: ProjectChange | undefined;
  /** Of the lock that the environment will equal as a whole. */
  readonly lockSha256?: Sha256 | undefined;
  readonly isDryRun: boolean;
}

/** Commands that change one environment at the same time come in turn; more of them than this is a fault. */
const MOST_PLANS = 100;

/** Makes the environment hold the pins. When another command has changed it since the plan was made, there is a new plan. */
export async function carryOut(
  resolution: Resolution,
  { target, isExact, removes, files, lockSha256, isDryRun }: Way,
  session: Session,
): Promise<Plan> {
  const { provision } = await session.use(Provision);
  const { root, interpreter, selected, replaced } = target;
  const destination = {
    root,
    interpreter,
    isExact,
    ...(removes && { removes }),
    ...(replaced && { isRebuilt: true }),
  };
  const makeRoom = () => fs.mkdirSync(path.dirname(root), { recursive: true });
  // Where the project's files change, too, an environment elsewhere is no help.
  if (!isDryRun) await (files ? makeRoom() : inReach(root, makeRoom));
  for (let made = 1; ; made++)
    try {
      const existing = made === 1 && selected?.environment.root === root ? selected.environment : undefined;
      const order = { demands: [], destination, resolution, files, lockSha256, existing, isDryRun };
      return (await provision(order)).plan;
    } catch (error) {
      if (!(error instanceof PybunError) || error.code !== "E_LINK_CHANGED" || made === MOST_PLANS) throw error;
    }
}

interface Choosing extends Installing {
  readonly target: TargetEnvironment;
  /** What the lock has for the environment's Python. */
  readonly locked: Resolution;
}

async function chosen(
  { current, parts, target, order, keepsProject, locked: resolution }: Choosing,
  session: Session,
): Promise<Resolution> {
  const { interpreter, selected } = target;
  const { noEditable, isDryRun } = order;
  const { pins } = resolution;
  const members = order.noInstallProject || parts.choice.onlyGroups ? [] : parts.members;
  const installed = selected?.environment.installed ?? [];
  const ask = { members, pins, interpreter, installed, isEditable: !noEditable, isDryRun };
  const own = await (keepsProject ? installedPins(ask) : ownPins(ask, session));
  const names = new Set(own.map(({ name }) => name));
  const locked = pins.filter(({ name, source }) => source.kind !== "member" && !names.has(name));
  const others = withInstalled(await fromHere(locked, { moved: current.moved, installed }, session), installed);
  return { ...resolution, pins: [...others, ...own].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

const staleWarning = ({ shown }: CurrentLock) =>
  warning("W_LOCK_STALE", `${shown} does not match the project; it is used as it is`, {
    hints: ["update it: `pybun lock`, or lock and sync at once: `pybun install`"],
  });
