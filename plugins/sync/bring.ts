import fs from "node:fs";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { type CurrentLock, Locks } from "../../plugin-api/lock/current.ts";
import { selectPins } from "../../plugin-api/lock/select.ts";
import type { Plan } from "../../plugin-api/model/environment.ts";
import { targetOf } from "../../plugin-api/model/interpreter.ts";
import type { Resolution } from "../../plugin-api/model/resolution.ts";
import { Environments, Provision, type TargetEnvironment } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { ownPins } from "./own-pins.ts";
import { type Asked, type Parts, partsOf } from "./parts.ts";

/** How a project's environment is to be made equal to its lock. */
export interface Order extends Asked {
  readonly want: Parameters<Locks["current"]>[0];
  /** A lock that does not match is no reason for a word. */
  readonly isFrozen: boolean;
  readonly noInstallProject: boolean;
  readonly inexact: boolean;
  /** Nothing is written, neither lock nor environment. */
  readonly isDryRun: boolean;
}
export interface Brought {
  readonly current: CurrentLock;
  readonly plan: Plan;
  readonly target: TargetEnvironment;
}

/** Reads or renews the lock, chooses from it for the environment's Python, and carries the difference out. */
export async function bring(order: Order, session: Session): Promise<Brought> {
  const current = await (await session.use(Locks)).current(order.want, { isDryRun: order.isDryRun });
  if (current.isStale && !order.isFrozen) session.emit({ type: "Diagnostic", diagnostic: staleWarning(current) });
  const parts = partsOf(current.project, order, session.cwd);
  const target = await (await session.use(Environments)).target();
  const resolution = await chosen({ current, parts, target, order }, session);
  const { provision } = await session.use(Provision);
  const { root, interpreter, replaced } = target;
  const destination = {
    root,
    interpreter,
    isExact: !order.inexact,
    ...(replaced && { isRebuilt: true }),
  };
  if (!order.isDryRun) fs.mkdirSync(path.dirname(root), { recursive: true });
  const { plan } = await provision({ demands: [], destination, resolution, isDryRun: order.isDryRun });
  return { current, plan, target };
}

interface Choosing {
  readonly current: CurrentLock;
  readonly parts: Parts;
  readonly target: TargetEnvironment;
  readonly order: Order;
}

async function chosen({ current, parts, target, order }: Choosing, session: Session): Promise<Resolution> {
  const { interpreter, selected } = target;
  const resolution = selectPins(current.lock, targetOf(interpreter), parts.choice);
  const { pins } = resolution;
  const members = order.noInstallProject || parts.choice.onlyGroups ? [] : parts.members;
  const own = await ownPins({ members, pins, interpreter, present: selected?.environment }, session);
  const names = new Set(own.map(({ name }) => name));
  const others = pins.filter(({ name, source }) => source.kind !== "member" && !names.has(name));
  return { ...resolution, pins: [...others, ...own].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

const staleWarning = ({ shown }: CurrentLock) =>
  warning("W_LOCK_STALE", `${shown} does not match the project; it is used as it is`, {
    hints: ["update it: `pybun lock`, or lock and sync at once: `pybun install`"],
  });
