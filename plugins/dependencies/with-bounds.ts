import type { Lock } from "../../plugin-api/model/lock.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { Asked } from "./asked.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import type { Put } from "./put-all.ts";

/** What was added without a range gets one that begins at the oldest version chosen; the very list where nothing does. */
export function withBounds(
  asked: readonly Asked[],
  { puts, lock, bounds }: { readonly puts: readonly Put[]; readonly lock: Lock; readonly bounds: Bounds },
): readonly Asked[] {
  const isNew = (name: string): boolean => puts.some((each) => each.name === name && each.from === undefined);
  let isSame = true;
  const bounded = asked.map((each) => {
    const { requirement, isOpen } = each;
    const version = isOpen && isNew(requirement.name) ? oldestOf(lock, requirement.name) : undefined;
    if (version === undefined) return each;
    isSame = false;
    return { ...each, requirement: { ...requirement, specifier: boundsOf(version, bounds) } };
  });
  return isSame ? asked : bounded;
}

function oldestOf({ packages }: Lock, name: string): string | undefined {
  const versions = packages.filter((each) => each.name === name && each.source.kind === "index");
  const keyed = versions.map(({ version }) => ({ version, key: versionKey(version) ?? "" }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1))[0]?.version;
}
