import type { Plan } from "../model/environment.ts";
import type { Project } from "../project/read-project.ts";
import { type Change, sortChanges } from "./change-list.ts";

/** What a plan changes in an environment, sorted as a change list is shown; what was lost was not there. Pure. */
export function changesOfPlan({ install, remove }: Plan): readonly Change[] {
  const before = new Map(remove.flatMap(({ name, version, isLost }) => (isLost ? [] : [[name, version] as const])));
  const added = install.map(({ name, version, isDirect }): Change => {
    const old = before.get(name);
    return { sign: old === undefined ? "+" : "~", name, from: old === undefined ? [] : [old], to: [version], isDirect };
  });
  const kept = new Set(install.map(({ name }) => name));
  const gone = remove
    .filter(({ name }) => !kept.has(name))
    .map(({ name, version }): Change => ({ sign: "-", name, from: [version], to: [], isDirect: false }));
  return sortChanges([...added, ...gone]);
}

/** Whether people are told of a package: a project and the members of a workspace are neither listed nor counted (cli-text 1.6). */
export function isToldOf(project: Pick<Project, "members"> | undefined): (named: { readonly name: string }) => boolean {
  const own = new Set<string | undefined>(project?.members.map(({ name }) => name));
  return ({ name }) => !own.has(name);
}
