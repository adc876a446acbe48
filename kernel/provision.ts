import fs from "node:fs";
import path from "node:path";
import { targetOf } from "../plugin-api/model/interpreter.ts";
import { planFor } from "../plugin-api/model/plan.ts";
import { DEFAULT_POLICY } from "../plugin-api/model/resolution.ts";
import { Environments, type Provisioned, type ProvisionOrder } from "../plugin-api/services.ts";
import type { Session } from "../plugin-api/session.ts";

/** Requirements to environment, each step a stage: the one path that run, x, sync and build isolation share. */
export async function provision(
  { demands, constraints = [], destination, ...order }: ProvisionOrder,
  session: Session,
): Promise<Provisioned> {
  const { interpreter, root } = destination;
  const policy = { ...DEFAULT_POLICY, ...order.policy };
  const isInstalled = order.isDryRun !== true;
  const { preferences } = order;
  const request = {
    demands,
    constraints,
    preferences,
    target: targetOf(interpreter),
    interpreter,
    isInstalled,
    policy,
  };
  const resolution = order.resolution ?? (await session.run("resolve", request));
  const isThere = !destination.isRebuilt && fs.existsSync(path.join(root, "pyvenv.cfg"));
  const existing = isThere ? (order.existing ?? (await (await session.use(Environments)).read(root))) : undefined;
  const plan = planFor(resolution, existing, destination);
  if (order.isDryRun) return { resolution, plan };
  const artifacts = await Promise.all(plan.install.map((pin) => session.run("fetch.artifact", { pin, interpreter })));
  session.signal.throwIfAborted();
  const { linkMode: mode = "auto", files, lockSha256 } = order;
  const environment = await session.run("link", { plan, artifacts, mode, files, lockSha256 });
  return { resolution, plan, environment };
}
