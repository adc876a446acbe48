import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { RootDemand, RootOwner } from "../../plugin-api/model/lock.ts";
import type { Demand, Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { metadataTable } from "../../plugin-api/page/metadata-table.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { LockInputs } from "./inputs.ts";
import { loweringOf, placeAll } from "./lower.ts";
import { LockState } from "./state.ts";

/** What members require whose build backends have to be asked (PEP 517): base and extras. Throws what the stage `build` throws. */
export async function dynamicRoots(
  inputs: Pick<LockInputs, "dynamic" | "isWorkspace">,
  interpreter: Interpreter | undefined,
  session: Session,
): Promise<readonly RootDemand[]> {
  const all = await Promise.all(
    inputs.dynamic.map((member) => rootsOf(member, { interpreter, isWorkspace: inputs.isWorkspace }, session)),
  );
  return all.flat();
}

async function rootsOf(
  member: Pyproject,
  { interpreter, isWorkspace }: { readonly interpreter: Interpreter | undefined; readonly isWorkspace: boolean },
  session: Session,
): Promise<readonly RootDemand[]> {
  const name = member.name as PackageName;
  const state = await session.use(LockState);
  const { dependencies } = metadataTable(await state.built(member, interpreter));
  const found = state.member(member.folder);
  const within: PackageName | "" = isWorkspace ? name : "";
  const base: RootOwner = isWorkspace
    ? { kind: "member", name, member: "" }
    : { kind: "project", name: "", member: "" };
  const demandOf = (requirement: Requirement): Demand => ({
    requirement,
    text: formatRequirement(requirement),
    origin: `metadata of ${name}`,
  });
  // `app[a,b]` among the requirements of `app` stands for those of its extras.
  const foreign = (extra: Extra | "", within: readonly string[]): readonly Requirement[] =>
    dependencies
      .requirements(extra)
      .flatMap((requirement) =>
        requirement.name === name
          ? requirement.extras.flatMap((each) => (within.includes(each) ? [] : foreign(each, [...within, each])))
          : [requirement],
      );
  const owned = (owner: RootOwner, extra: Extra | "") => {
    const demands = foreign(extra, [extra]).map(demandOf);
    const placed = found ? placeAll(demands, owner, loweringOf(found.project, found.member)) : demands;
    return placed.map((demand) => ({ owner, demand }));
  };
  return [
    ...owned(base, ""),
    ...dependencies.extras.flatMap((extra) => owned({ kind: "optional", name: extra, member: within }, extra)),
  ];
}
