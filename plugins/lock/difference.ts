import type { Lock } from "../../plugin-api/model/lock.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { type Facts, ROOTS, settingsIn, wordsOf } from "./facts.ts";
import type { LockInputs } from "./inputs.ts";
import { changedBehind } from "./is-current.ts";
import type { LockView } from "./kept.ts";

/** One way in which a lock does not match what it is of. */
export interface Difference {
  readonly sign: "+" | "-" | "~";
  readonly kind: "added" | "removed" | "changed" | "setting";
  /** A package's name, or a setting's key. */
  readonly subject: string;
  readonly detail: string;
}

/** What was asked for when the lock was made, against what is asked for now: by package, then by setting. Pure. */
export function differences(inputs: LockInputs, lock: Lock, then: Facts): readonly Difference[] {
  return [...ofRequirements(inputs, lock, then), ...ofSettings(inputs.facts, then)];
}

/** Folders and archives that the project leads to by way of others, and that were changed. */
export const differencesBehind = (view: LockView, base: string): readonly Difference[] =>
  changedBehind(view, base).map((place) => ({
    sign: "~",
    kind: "changed",
    subject: place,
    detail: "says something else than when it was locked",
  }));

interface Asked {
  readonly words: string;
  readonly owner: string;
}

function ofRequirements(inputs: LockInputs, lock: Lock, then: Facts): readonly Difference[] {
  const before = byName([...then].flatMap(([owner, value]) => askedBy(owner, value)));
  const now = byName([...inputs.facts].flatMap(([owner, value]) => askedBy(owner, value)));
  const names = [...new Set([...now.keys(), ...before.keys()])].sort();
  const found = names.flatMap((name): Difference[] => {
    const [old = [], own = []] = [before.get(name), now.get(name)];
    const isNew = (each: Asked, among: readonly Asked[]) =>
      !among.some(({ words, owner }) => words === each.words && owner === each.owner);
    const [gone, come] = [old.filter((each) => isNew(each, own)), own.filter((each) => isNew(each, old))];
    if (gone.length === 0 && come.length === 0) return [];
    const origins = [...new Set(come.flatMap((each) => originsOf(inputs, each)))].join(", ");
    if (old.length === 0)
      return [{ sign: "+", kind: "added", subject: name, detail: `required by ${origins}, not in the lock` }];
    if (own.length === 0) {
      const detail = `${versionsIn(lock, name)} in the lock, no longer required`.trimStart();
      return [{ sign: "-", kind: "removed", subject: name, detail }];
    }
    const shown = (list: readonly Asked[]) =>
      [...new Set(list.map(({ words, owner }) => words + whereOf(owner)))].join(", ");
    const detail =
      come.length === 0
        ? `no longer required as ${shown(gone)}`
        : `required as ${shown(come)} by ${origins}${gone.length === 0 ? "" : `, locked for ${shown(gone)}`}`;
    return [{ sign: "~", kind: "changed", subject: name, detail }];
  });
  return found.sort((a, b) => "+~-".indexOf(a.sign) - "+~-".indexOf(b.sign));
}

const askedBy = (owner: string, value: string): readonly Asked[] =>
  owner.startsWith(ROOTS) && value !== "" ? value.split("\n").map((words) => ({ words, owner })) : [];

function byName(all: readonly Asked[]): ReadonlyMap<string, readonly Asked[]> {
  const found = new Map<string, Asked[]>();
  for (const asked of all) {
    const { name } = parseRequirement(asked.words);
    found.set(name, [...(found.get(name) ?? []), asked]);
  }
  return found;
}

/** ` (group dev)`; nothing for the dependencies proper. */
function whereOf(owner: string): string {
  const [, kind, name] = owner.split("/");
  return kind === "group" ? ` (group ${name})` : kind === "optional" ? ` (extra ${name})` : "";
}

function originsOf({ roots, base }: LockInputs, { words, owner }: Asked): readonly string[] {
  const asks = ({ demand }: { readonly demand: Demand }) => wordsOf([demand], base) === words;
  const own = roots.filter((root) => asks(root) && owner.startsWith(`${ROOTS}${root.owner.kind}`));
  return own.map(({ demand }) => demand.origin);
}

const versionsIn = ({ packages }: Lock, name: string): string =>
  [...new Set(packages.filter((each) => each.name === name).map(({ version }) => version))].join(", ");

function ofSettings(now: Facts, then: Facts): readonly Difference[] {
  const [before, after] = [settingsIn(then), settingsIn(now)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys
    .filter((key) => before[key] !== after[key])
    .map((key) => ({ sign: "~", kind: "setting", subject: key, detail: settingWords(before[key], after[key]) }));
}

/** A value of several lines or a table is named, not shown. */
function settingWords(before: string | undefined, after: string | undefined): string {
  const isLong = [before, after].some((value) => value !== undefined && /^[{[]|\n/.test(value));
  if (isLong) return "is not what the lock was made with";
  if (after === undefined) return `is not set any more, locked with ${before}`;
  return before === undefined ? `is ${after}, locked without` : `is ${after}, locked with ${before}`;
}
