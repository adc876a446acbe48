import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { RootOwner } from "../../plugin-api/model/lock.ts";
import type { Demand, PackageName } from "../../plugin-api/model/requirement.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import type { Session } from "../../plugin-api/session.ts";
import { hasDynamicRequirements } from "./inputs.ts";
import { lowerAll, loweringOf } from "./lower.ts";
import { LockState } from "./state.ts";

type Found = NonNullable<ReturnType<LockState["member"]>>;

/** Of a member that is never built, so that nobody could tell. */
const NO_VERSION = "0";

/**
 * What a member states in its file; what it leaves to its build backend is asked there. Its version too: a package from an
 * index may ask for some version of it.
 */
export async function metadataOfMember(
  { project, member }: Found,
  interpreter: Interpreter | undefined,
  session: Session,
): Promise<SourceMetadata> {
  const name = member.name as PackageName;
  const built = () => session.use(LockState).then((state) => state.built(member, interpreter));
  if (hasDynamicRequirements(member)) return built();
  const lowering = loweringOf(project, member);
  const texts = (demands: readonly Demand[], owner: RootOwner) =>
    lowerAll(demands, owner, lowering).map(({ requirement }) => requirement);
  const { dependencies, optional } = lowering.member;
  const base = texts(dependencies, { kind: "member", name, member: "" });
  const ofExtras = [...optional].flatMap(([extra, demands]) =>
    texts(demands, { kind: "optional", name: extra, member: name }).map(({ marker, ...rest }) => {
      const condition = `extra == "${extra}"`;
      return { ...rest, marker: marker === "" ? condition : `(${marker}) and ${condition}` };
    }),
  );
  return {
    name,
    version: member.version ?? (member.isPackage ? (await built()).version : NO_VERSION),
    requiresPython: member.requiresPython,
    requiresDist: [...base, ...ofExtras].map(formatRequirement),
    providesExtra: [...member.optional.keys()],
  };
}
