import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import { Clock } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { STAMP, settingsIn, stampOf } from "./facts.ts";
import type { LockInputs } from "./inputs.ts";
import { metaBesides } from "./kept.ts";
import { requestOf, type Upgrading } from "./request.ts";
import type { Subject } from "./subject.ts";

/** A lock with all that is written down of it, and how it came to be. */
export interface Solved {
  readonly lock: Lock;
  readonly interpreter: Interpreter;
  readonly resolutionMs: number;
}

/** Has the resolver choose, and adds what the lock was made from. Throws what the stage `lock` throws. */
export async function solve(
  order: {
    readonly subject: Pick<Subject, "inputs">;
    readonly previous: Lock | undefined;
    readonly upgrading: Upgrading;
  },
  session: Session,
): Promise<Solved> {
  const { inputs } = order.subject;
  const clock = await session.use(Clock);
  const request = await requestOf(inputs, order, session);
  const startedMs = clock.nowMs();
  const lock = await session.run("lock", request);
  const packages = lock.packages.map((each) => asDeclared(each, inputs));
  return {
    lock: { ...lock, packages, meta: metaOf(lock, inputs) },
    interpreter: request.interpreter as Interpreter,
    resolutionMs: clock.nowMs() - startedMs,
  };
}

/** Whether a folder is installed editable is the project's wish; nothing that lies there says it. */
function asDeclared(locked: LockedPackage, { editable }: LockInputs): LockedPackage {
  const { source } = locked;
  if (source.kind !== "path" || !editable.has(source.path)) return locked;
  return { ...locked, source: { ...source, isEditable: true } };
}

function metaOf(lock: Lock, { facts }: LockInputs): Readonly<Record<string, string>> {
  const { "exclude-newer": cutOff } = settingsIn(facts);
  const meta = {
    ...metaBesides(lock.meta),
    ...Object.fromEntries(facts),
    [STAMP]: stampOf(facts),
    generator: "pybun",
    ...(cutOff !== undefined && { "exclude-newer": cutOff }),
  };
  return Object.fromEntries(Object.entries(meta).sort(([a], [b]) => (a < b ? -1 : 1)));
}
