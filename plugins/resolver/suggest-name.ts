import type { Demand, PackageName } from "../../plugin-api/model/requirement.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type Advice, advise } from "./remedy/tell.ts";

/**
 * A near name that does exist, of what is locked already (`met`) or of what everybody uses: for a person to judge, since a
 * look-alike may be anybody's.
 */
export async function suggestName(
  demand: Demand,
  met: readonly string[],
  session: Session,
): Promise<Advice | undefined> {
  const { wellKnownNames } = await import("../../plugin-api/well-known-names.ts");
  const unknown = demand.requirement.name;
  const near = nearest(unknown, [...met, ...wellKnownNames]) as PackageName | undefined;
  if (near === undefined || near === unknown) return undefined;
  try {
    const pages = await session.run("fetch.versions", { name: near });
    if (!pages.some((page) => page.count > 0)) return undefined;
  } catch {
    return undefined;
  }
  const remedy = { changes: [{ kind: "name", demand, name: near } as const], gives: [], moved: 0 };
  return advise([remedy], { file: undefined, session });
}
