import { withinBuild } from "../../plugin-api/build-chain.ts";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Environment } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Demand, PackageName } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { Provision } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { NotBuildable } from "./build-system.ts";

export interface IsolationOrder {
  readonly name: PackageName;
  /** `brokenext 1.0`, for messages. */
  readonly subject: string;
  readonly requires: readonly string[];
  /** Where the environment is made; its parent exists. */
  readonly root: string;
  readonly interpreter: Interpreter;
  /** Names of the builds around this one, and its own: their sources may not be built once more for this environment. */
  readonly chain: readonly PackageName[];
}

/** Makes the environment a backend runs in (PEP 518). Throws what resolving, fetching and linking throw. */
export async function makeIsolation(order: IsolationOrder, session: Session): Promise<Environment> {
  const { name, subject, root, interpreter, chain } = order;
  const demands = order.requires.map((text) => demandOf(text, subject));
  const { provision } = await session.use(Provision);
  try {
    const destination = { root, interpreter, isExact: true } as const;
    const { environment } = await withinBuild(name, () =>
      provision({ demands, destination, policy: { noBuild: chain } }),
    );
    return environment as Environment;
  } catch (error) {
    throw explain(error, order, demands);
  }
}

function demandOf(text: string, subject: string): Demand {
  try {
    return { requirement: parseRequirement(text), text, origin: `build of ${subject}` };
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw new NotBuildable(`has a build requirement that is none: \`${text}\``, { cause: error });
  }
}

function explain(error: unknown, order: IsolationOrder, demands: readonly Demand[]): unknown {
  if (!(error instanceof PybunError)) return error;
  const { subject, chain } = order;
  const again = demands.find(({ requirement }) => chain.includes(requirement.name));
  const isMissing = error.code === "E_RESOLVE_MISSING" || error.code === "E_RESOLVE_CONFLICT";
  if (again && isMissing) {
    const loop = [...chain.slice(chain.indexOf(again.requirement.name)), again.requirement.name];
    return new PybunError(
      "E_BUILD_FAILED",
      `\`${subject}\` can only be built with \`${again.text}\`, which is being built already`,
      {
        evidence: [`loop        ${loop.join(" -> ")}`, `because     ${error.message}`],
        context: { loop },
        cause: error,
      },
    );
  }
  if (error.code.startsWith("E_BUILD")) return error;
  const evidence = [`needed to build ${subject}`, ...(error.detail.evidence ?? [])];
  return new PybunError(error.code, error.message, { ...error.detail, evidence, cause: error });
}
