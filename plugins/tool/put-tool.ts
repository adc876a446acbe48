import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Artifact, Destination, Plan } from "../../plugin-api/model/environment.ts";
import { type Interpreter, targetOf } from "../../plugin-api/model/interpreter.ts";
import type { Demand, PackageName } from "../../plugin-api/model/requirement.ts";
import { DEFAULT_POLICY, type Pin, type Resolution } from "../../plugin-api/model/resolution.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import { Environments, Interpreters, Provision, Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { removeEnvironment } from "../../plugin-api/system/environment-change.ts";
import { withLock } from "../../plugin-api/system/lock-file.ts";
import type { KeptSettings } from "./kept-settings.ts";
import { checkFree, commandsIn, placeLaunchers } from "./launchers.ts";
import { environmentOf, type ToolPlaces } from "./places.ts";
import { readRecord, removeRecord, type ToolRecord, writeRecord } from "./record.ts";

/** A tool as it shall be. */
export interface ToolOrder {
  /** What is asked for, the tool itself first. */
  readonly demands: readonly [Demand, ...Demand[]];
  /** What `--python` asks for. */
  readonly python?: string | undefined;
  /** What else is asked for that decides packages; it holds in this call already. */
  readonly settings: KeptSettings;
  /** Pins to keep as they are: none is resolved. */
  readonly pins?: readonly Pin[];
  /** Versions to keep where they still fit. */
  readonly preferences?: ReadonlyMap<PackageName, string>;
  readonly isForced?: boolean;
  readonly isDryRun: boolean;
}
export interface PutTool {
  readonly before: ToolRecord | undefined;
  readonly after: ToolRecord;
  readonly plan: Plan;
}

/** Under this the records and launchers of all tools are changed. */
export const alone = <T>(places: ToolPlaces, session: Session, change: () => Promise<T>): Promise<T> =>
  withLock(path.join(places.tools, ".lock"), { subject: "the installed tools", signal: session.signal }, change);

/** Any Python that tools still support, whatever the folder the command is given in asks for. */
const USUAL_PYTHONS = ">=3.9";

/**
 * Makes a tool what the order says. Everything is fetched before anything is touched; then its record, its environment and its
 * commands follow each other, each changed in one step. Throws `E_TOOL_COMMAND_TAKEN`, `E_TOOL_NO_COMMAND`, and what the stages
 * throw; nothing was changed then.
 */
export async function putTool(order: ToolOrder, places: ToolPlaces, session: Session): Promise<PutTool> {
  const [{ requirement }] = order.demands;
  const root = environmentOf(places, requirement.name);
  const before = recordBefore(requirement.name, order, places);
  const found = await environmentAt(root, before, session);
  const interpreter = await interpreterFor(order, found, session);
  const resolution = await resolved(order, interpreter, session);
  const destination: Destination = {
    root,
    interpreter,
    isExact: true,
    prompt: requirement.name,
    ...(found === undefined && { isRebuilt: true }),
  };
  const { plan } = await (await session.use(Provision)).provision({
    demands: [],
    destination,
    resolution,
    isDryRun: true,
  });
  const made = { order, before, interpreter, resolution, plan };
  if (order.isDryRun) return { before, after: recordOf(made, before?.commands ?? [], places), plan };
  const after = recordOf(made, await commandsOf(made, session), places);
  if (after.commands.length === 0) throw noCommand(after);
  await alone(places, session, () => commit({ after, before, destination, resolution, places, order }, session));
  return { before, after, plan };
}

/** With `--force` a record that can't be read counts as none. */
function recordBefore(name: string, { isForced }: ToolOrder, places: ToolPlaces): ToolRecord | undefined {
  try {
    return readRecord(places, name);
  } catch (error) {
    if (isForced && error instanceof PybunError && error.code === "E_TOOL_RECORD") return undefined;
    throw error;
  }
}

/** The interpreter of a tool's environment; undefined where the environment has to be made anew. */
async function environmentAt(
  root: string,
  before: ToolRecord | undefined,
  session: Session,
): Promise<Interpreter | undefined> {
  if (before === undefined || !fs.existsSync(path.join(root, "pyvenv.cfg"))) return undefined;
  try {
    return (await (await session.use(Environments)).read(root)).interpreter;
  } catch (error) {
    if (error instanceof PybunError && error.code === "E_ENV_BROKEN") return undefined;
    throw error;
  }
}

async function interpreterFor(
  { python }: ToolOrder,
  found: Interpreter | undefined,
  session: Session,
): Promise<Interpreter> {
  if (found && python === undefined) return found;
  const interpreters = await session.use(Interpreters);
  return interpreters.find(
    python === undefined ? { request: USUAL_PYTHONS, origin: "tools" } : { request: python, origin: "--python" },
  );
}

async function resolved(order: ToolOrder, interpreter: Interpreter, session: Session): Promise<Resolution> {
  const target = targetOf(interpreter);
  if (order.pins) return { pins: order.pins, target, isFromCache: true, attempts: 0 };
  const { demands, preferences } = order;
  return session.run("resolve", {
    demands,
    constraints: [],
    target,
    interpreter,
    policy: DEFAULT_POLICY,
    ...(preferences && { preferences }),
  });
}

interface Made {
  readonly order: ToolOrder;
  readonly before: ToolRecord | undefined;
  readonly interpreter: Interpreter;
  readonly resolution: Resolution;
  readonly plan: Plan;
}

/** Brings all wheels into the store, and reads from the tool's own which commands it has. */
async function commandsOf({ order, before, plan }: Made, session: Session): Promise<readonly string[]> {
  const { interpreter } = plan.destination;
  const artifacts = await Promise.all(plan.install.map((pin) => session.run("fetch.artifact", { pin, interpreter })));
  const { name } = order.demands[0].requirement;
  const own = artifacts.find(({ pin }: Artifact) => pin.name === name);
  return own ? commandsIn((await session.use(Store)).layout(own.entry)) : (before?.commands ?? []);
}

function recordOf({ order, before, interpreter, resolution }: Made, commands: readonly string[], places: ToolPlaces) {
  const [own, ...more] = order.demands;
  const { name } = own.requirement;
  const { scheme, path: executable, version } = interpreter;
  const python = order.python ?? before?.python;
  const record: ToolRecord = {
    format: 1,
    name,
    version: resolution.pins.find((pin) => pin.name === name)?.version ?? "",
    requirement: formatRequirement(own.requirement),
    with: more.map(({ requirement }) => formatRequirement(requirement)),
    ...(python !== undefined && { python }),
    ...(Object.keys(order.settings).length > 0 && { settings: order.settings }),
    interpreter: { path: executable, version },
    folders: { site: scheme.purelib, scripts: scheme.scripts },
    commands,
    bins: [...new Set([...(before?.bins ?? []), places.bin])],
    pins: resolution.pins,
  };
  return record;
}

interface Committing {
  readonly after: ToolRecord;
  readonly before: ToolRecord | undefined;
  readonly destination: Destination;
  readonly resolution: Resolution;
  readonly places: ToolPlaces;
  readonly order: ToolOrder;
}

/** The record first: what is in the environment is measured by it, so a command that is killed here leaves what can be told. */
async function commit(
  { after, before, destination, resolution, places, order }: Committing,
  session: Session,
): Promise<void> {
  checkFree(after, places, order.isForced === true);
  writeRecord(places, after);
  try {
    await clearRemains(destination.root, session);
    await (await session.use(Provision)).provision({ demands: [], destination, resolution });
    const scripts = path.join(destination.root, after.folders.scripts);
    placeLaunchers(after, scripts, places);
  } catch (error) {
    if (before) writeRecord(places, before);
    else if (!fs.existsSync(path.join(destination.root, "pyvenv.cfg"))) removeRecord(places, after.name);
    throw error;
  }
}

/** A folder that is no environment any more could not be made one. */
async function clearRemains(root: string, session: Session): Promise<void> {
  if (!fs.existsSync(root) || fs.existsSync(path.join(root, "pyvenv.cfg"))) return;
  await (await session.use(Environments)).alone(root, () => removeEnvironment(root));
}

const noCommand = ({ name, version }: ToolRecord): PybunError =>
  new PybunError("E_TOOL_NO_COMMAND", `package \`${name} ${version}\` has no command`, {
    evidence: ["nothing was changed"],
    context: { name, version },
  });
