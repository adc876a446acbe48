import { parseCutOff } from "../../plugin-api/cut-off.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Upgrading } from "../../plugin-api/lock/current.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Lock, LockRequest } from "../../plugin-api/model/lock.ts";
import type { Demand, PackageName } from "../../plugin-api/model/requirement.ts";
import { DEFAULT_POLICY } from "../../plugin-api/model/resolution.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { Clock, Interpreters, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { dynamicRoots } from "./dynamic.ts";
import type { LockInputs } from "./inputs.ts";

/** The order to the resolver: the inputs, the lock so far, and the Python that builds would run with. */
export async function requestOf(
  inputs: LockInputs,
  { previous, upgrading }: { readonly previous: Lock | undefined; readonly upgrading: Upgrading },
  session: Session,
): Promise<LockRequest> {
  const { requiresPython } = inputs;
  const interpreter = await interpreterFor(requiresPython, session);
  const { names, constraints } = upgradesOf(upgrading.upgradePackage);
  const clock = await session.use(Clock);
  const cutOff = inputs.excludeNewer === undefined ? undefined : parseCutOff(inputs.excludeNewer, clock.nowMs());
  const dynamic = await dynamicRoots(inputs, interpreter, session);
  const range = requiresPython === "" ? inUse(interpreter as Interpreter, previous, session) : requiresPython;
  const { environments, requiredEnvironments } = inputs;
  if (environments.length > 0 || requiredEnvironments.length > 0) {
    const { checkEnvironments } = await import("./environments.ts");
    checkEnvironments({ environments, "required-environments": requiredEnvironments }, range);
  }
  return {
    ...(inputs.file !== undefined && { file: inputs.file }),
    roots: [...inputs.roots, ...dynamic],
    constraints: [...inputs.constraints, ...inputs.own, ...constraints],
    overrides: inputs.overrides,
    indexPins: inputs.indexPins,
    exclusions: inputs.exclusions,
    requiresPython: range,
    environments,
    requiredEnvironments,
    conflicts: inputs.conflicts,
    forkStrategy: inputs.forkStrategy,
    policy: cutOff === undefined ? DEFAULT_POLICY : { ...DEFAULT_POLICY, excludeNewerMs: cutOff },
    ...(previous && { previous }),
    ...(upgrading.upgrade ? { upgrade: true } : names.size > 0 ? { upgrade: names } : {}),
    ...(interpreter && { interpreter }),
  };
}

/**
 * The Python that builds would run with. None has to be there: what is locked need not run here, and most of it states its
 * metadata. Throws `E_PYTHON_NOT_FOUND` when one is asked for, or has to say for which Pythons the lock is.
 */
async function interpreterFor(requiresPython: string, session: Session): Promise<Interpreter | undefined> {
  const asked = requiresPython === "" ? {} : { requiresPython, requiresPythonOrigin: "requires-python" };
  try {
    return await (await session.use(Interpreters)).find(asked);
  } catch (error) {
    const isAsked = (await session.use(SettingsTable)).get("python")?.origin.kind !== "default";
    if (requiresPython === "" || isAsked || !(error instanceof PybunError) || error.code !== "E_PYTHON_NOT_FOUND")
      throw error;
    return undefined;
  }
}

/** A project that does not say which Pythons it is for is locked for the one in use and later ones; once locked, it stays so. */
function inUse({ tags }: Interpreter, previous: Lock | undefined, session: Session): string {
  if (previous && previous.requiresPython !== "") return previous.requiresPython;
  const range = `>=${tags.python.join(".")}`;
  const words = `the project has no \`requires-python\`, so it is locked for Python ${range}`;
  session.emit({
    type: "Diagnostic",
    diagnostic: warning("W_REQUIRES_PYTHON_MISSING", words, {
      hints: [`say so in the project: \`requires-python = "${range}"\``],
    }),
  });
  return range;
}

/** `-P NAME` gives up the locked version, `-P NAME==V` asks for a certain one too. */
function upgradesOf(texts: readonly string[]): {
  readonly names: ReadonlySet<PackageName>;
  readonly constraints: readonly Demand[];
} {
  const demands = texts.map((text): Demand => {
    try {
      return { requirement: parseRequirement(text), text, origin: "command line" };
    } catch (error) {
      if (error instanceof InvalidSyntax) throw usageError("lock", error.message);
      throw error;
    }
  });
  return {
    names: new Set(demands.map(({ requirement }) => requirement.name)),
    constraints: demands.filter(({ requirement }) => requirement.specifier !== ""),
  };
}
