import type { Plan } from "../model/environment.ts";
import { type Change, sortChanges } from "./change-list.ts";

/** What a plan changes in an environment, sorted as a change list is shown. Pure. */
export function changesOfPlan({ install, remove }: Plan): readonly Change[] {
  const before = new Map(remove.map(({ name, version }) => [name, version]));
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
