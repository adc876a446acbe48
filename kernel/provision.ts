import fs from "node:fs";
import path from "node:path";
import { targetOf } from "../plugin-api/model/interpreter.ts";
import { planFor } from "../plugin-api/model/plan.ts";
import { DEFAULT_POLICY } from "../plugin-api/model/resolution.ts";
import { Environments, type Provision, type Provisioned, type ProvisionOrder } from "../plugin-api/services.ts";
import type { Session } from "../plugin-api/session.ts";

/** Requirements to environment, each step a stage: the one path that run, x, sync and build isolation share. */
export const provisionWith = (session: Session): Provision => ({
  async provision(order: ProvisionOrder): Promise<Provisioned> {
    const { destination } = order;
    const resolution = order.resolution ?? (await session.run("resolve", requestOf(order)));
    const existing = fs.existsSync(path.join(destination.root, "pyvenv.cfg"))
      ? await (await session.use(Environments)).read(destination.root)
      : undefined;
    const plan = planFor(resolution, existing, destination);
    if (order.isDryRun) return { resolution, plan };
    const { interpreter } = destination;
    const artifacts = await Promise.all(plan.install.map((pin) => session.run("fetch.artifact", { pin, interpreter })));
    session.signal.throwIfAborted();
    const environment = await session.run("link", { plan, artifacts, mode: order.linkMode ?? "auto" });
    return { resolution, plan, environment };
  },
});

const requestOf = (order: ProvisionOrder) => ({
  demands: order.demands,
  constraints: order.constraints ?? [],
  target: targetOf(order.destination.interpreter),
  interpreter: order.destination.interpreter,
  policy: { ...DEFAULT_POLICY, ...order.policy },
});
