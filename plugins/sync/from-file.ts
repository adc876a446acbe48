import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { targetOf } from "../../plugin-api/model/interpreter.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import type { AskedParts } from "../../plugin-api/project/parts.ts";
import { Environments, Host, type TargetEnvironment } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { type Brought, carryOut } from "./bring.ts";
import { pylockPins } from "./pylock-pins.ts";
import { requirementsPins } from "./requirements-pins.ts";
import { stampLock } from "./stamp-lock.ts";
import { withInstalled } from "./unchanged.ts";

/** What another tool wrote down is to be installed (SPEC EXP-02). */
export interface FileOrder extends AskedParts {
  readonly from: string;
  readonly inexact: boolean;
  readonly isDryRun: boolean;
}

/** Makes the environment hold what a standard lock or a requirements file says. Throws `E_LOCK_MISSING` and what reading it throws. */
export async function bringFrom(order: FileOrder, session: Session): Promise<Brought> {
  const { home } = await session.use(Host);
  const file = path.resolve(session.cwd, order.from);
  const shown = showPath(file, { cwd: session.cwd, home });
  if (!fs.existsSync(file)) throw new PybunError("E_LOCK_MISSING", `there is no ${shown}`, { file });
  const target = await (await session.use(Environments)).target();
  const pins = await pinsIn({ file, shown }, { order, target }, session);
  const installed = target.selected?.environment.installed ?? [];
  const resolution = {
    pins: withInstalled(pins, installed).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    target: targetOf(target.interpreter),
    isFromCache: false,
    attempts: 0,
  };
  const { isDryRun, inexact } = order;
  const plan = await carryOut(resolution, { target, isExact: !inexact, isDryRun }, session);
  if (!isDryRun) await stampLock(target.root, undefined, session);
  return {
    lockfile: file,
    source: "file",
    plan,
    target,
    folders: [],
    areEditable: true,
    begunAtMs: Date.now(),
    isWhole: false,
  };
}

function pinsIn(
  place: { readonly file: string; readonly shown: string },
  { order, target }: { readonly order: FileOrder; readonly target: TargetEnvironment },
  session: Session,
): Promise<readonly Pin[]> {
  const { interpreter } = target;
  if (!place.file.endsWith(".toml")) return requirementsPins({ ...place, interpreter }, session);
  const groups = [...order.group, ...order.onlyGroup];
  const choice = { extras: order.extra, ...(groups.length > 0 && { dependencyGroups: groups }) };
  return pylockPins({ ...place, interpreter, choice }, session);
}
