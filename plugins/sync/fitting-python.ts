import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { CurrentLock } from "../../plugin-api/lock/current.ts";
import { selectPins } from "../../plugin-api/lock/select.ts";
import { type Interpreter, type Target, targetOf } from "../../plugin-api/model/interpreter.ts";
import type { LockChoice } from "../../plugin-api/model/lock.ts";
import type { Resolution } from "../../plugin-api/model/resolution.ts";
import { Host, Interpreters, type TargetEnvironment } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";

/** What must fit together: what the lock has files for, the environment, and its interpreter. */
export interface Fitting {
  readonly current: CurrentLock;
  readonly choice: LockChoice;
  readonly target: TargetEnvironment;
  /** A mismatch is an error, whatever could be done about it. */
  readonly isStrict: boolean;
}

/** An environment, and what the lock has for it. */
export interface Fitted {
  readonly target: TargetEnvironment;
  readonly resolution: Resolution;
}
interface Fit {
  readonly interpreter: Interpreter;
  readonly resolution: Resolution;
}

/** Minor versions that are tried, newest first. */
const MINORS = Array.from({ length: 9 }, (_, index) => 17 - index);

/**
 * The environment to use for a lock (SPEC PY-06). Where its interpreter is not one that the lock has files for and nobody asked for
 * it, one that is takes its place, installed when it is missing; told by `W_ABI_MISMATCH`. Throws what `selectPins` throws when
 * that is not possible: environments of others, requests, `--locked` and `--offline` stay as they are.
 */
export async function withFittingPython(fitting: Fitting, session: Session): Promise<Fitted> {
  const { current, choice, target, isStrict } = fitting;
  const resolution = select(current, targetOf(target.interpreter), choice);
  if (!(resolution instanceof PybunError)) return { target, resolution };
  const misfit = resolution;
  const interpreters = await session.use(Interpreters);
  const [asked] = await interpreters.wanted();
  const isAsked = asked !== undefined && asked.origin !== "requires-python";
  if (isAsked) throw askedFor(misfit, asked.origin);
  if (isStrict || target.source !== "project" || (await session.use(Host)).isOffline) throw misfit;
  const fit = await fittingInterpreter(fitting, session);
  if (fit === undefined) throw misfit;
  const { interpreter } = fit;
  session.emit({ type: "Diagnostic", diagnostic: mismatch(target.interpreter, interpreter, misfit) });
  const { selected, ...rest } = target;
  const replaced = selected?.environment ?? target.replaced;
  return { target: { ...rest, interpreter, ...(replaced && { replaced }) }, resolution: fit.resolution };
}

/** The same with who asked for that Python, which is what has to change. */
function askedFor({ code, message, detail }: PybunError, origin: string): PybunError {
  const isFile = code === "E_PYTHON_MISMATCH" && /:\d+$/.test(origin);
  return new PybunError(code, message, {
    ...detail,
    evidence: [...(detail.evidence ?? []), `asked for by  ${origin}`],
    ...(isFile && { hints: [`name another Python in ${origin}, or for this call with \`--python\``] }),
  });
}

/** What the lock has for a Python, or why it has nothing. */
function select({ lock }: CurrentLock, target: Target, choice: LockChoice): Resolution | PybunError {
  try {
    return selectPins(lock, target, choice);
  } catch (error) {
    if (error instanceof PybunError && ["E_PYTHON_MISMATCH", "E_LOCK_TARGET"].includes(error.code)) return error;
    throw error;
  }
}

/** The newest that is here and fits, else the newest that can be installed and does. */
async function fittingInterpreter({ current, choice, target }: Fitting, session: Session): Promise<Fit | undefined> {
  const interpreters = await session.use(Interpreters);
  const fitOf = (interpreter: Interpreter): Fit | undefined => {
    const resolution = select(current, targetOf(interpreter), choice);
    return resolution instanceof PybunError ? undefined : { interpreter, resolution };
  };
  for (const each of await interpreters.list()) {
    const fit = each.implementation === "cpython" ? fitOf(each) : undefined;
    if (fit) return fit;
  }
  const own = targetOf(target.interpreter);
  const minor = MINORS.find((each) => !(select(current, ofMinor(own, each), choice) instanceof PybunError));
  if (minor === undefined) return undefined;
  const found = await interpreters.find({ request: `3.${minor}`, origin: current.shown }).catch((error: unknown) => {
    if (error instanceof PybunError && error.code === "E_PYTHON_NOT_FOUND") return undefined;
    throw error;
  });
  return found && fitOf(found);
}

/** The same platform with CPython of another minor version, as far as a lock asks. */
function ofMinor({ markers, tags }: Target, minor: number): Target {
  const version = `3.${minor}`;
  const full = `${version}.99`;
  return {
    python: full,
    markers: { ...markers, python_version: version, python_full_version: full, implementation_version: full },
    tags: { ...tags, implementation: "cpython", python: [3, minor], isFreeThreaded: false },
  };
}

const mismatch = (was: Interpreter, now: Interpreter, { message, detail }: PybunError) =>
  warning("W_ABI_MISMATCH", `Python ${now.version} is used instead of ${was.version}: ${message}`, {
    ...(detail.evidence && { evidence: detail.evidence }),
    context: { from: was.version, to: now.version, path: now.path },
  });
