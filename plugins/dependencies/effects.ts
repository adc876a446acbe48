import type { CurrentLock } from "../../plugin-api/lock/current.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import type { ProjectEdited } from "../../plugin-api/project/change.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Change } from "../../plugin-api/text/change-list.ts";
import { targetData } from "../../plugin-api/text/environment-data.ts";
import { changesOfPlan, isToldOf } from "../../plugin-api/text/plan-changes.ts";
import { counted, formatDuration } from "../../plugin-api/text/units.ts";

/** What a change did beside the project's file: in the environment, or else in the lock. */
export interface Effects {
  readonly where: "environment" | "lock" | "file";
  readonly changes: readonly Change[];
  readonly data: Readonly<Record<string, unknown>>;
}

export function effectsOf({ plan, target, current }: ProjectEdited): Effects {
  const changes = plan ? changesOfPlan(plan) : (current?.changes ?? []);
  return {
    where: plan ? "environment" : current ? "lock" : "file",
    changes: changes.filter(isToldOf(current?.project)),
    data: {
      lockfile: current?.file ?? null,
      lock: current ? lockData(current) : null,
      env: target ? targetData(target) : null,
      sync: plan ? syncData(changes, plan.keep.length) : null,
    },
  };
}

function syncData(changes: readonly Change[], kept: number) {
  const of = (sign: Change["sign"]) => changes.filter((change) => change.sign === sign);
  return {
    installed: of("+").map(({ name, to }) => ({ name, version: to[0] })),
    changed: of("~").map(({ name, from, to }) => ({ name, from: from[0], to: to[0] })),
    removed: of("-").map(({ name, from }) => ({ name, version: from[0] })),
    kept,
  };
}

function lockData(current: CurrentLock) {
  const of = (sign: Change["sign"]) => (current.changes ?? []).filter((change) => change.sign === sign);
  const releases = (sign: Change["sign"]) =>
    of(sign).flatMap(({ name, from, to }) => [...from, ...to].map((version) => ({ name, version })));
  return {
    up_to_date: !isChanged(current),
    added: releases("+"),
    removed: releases("-"),
    changed: of("~").map(({ name, from, to }) => ({ name, from, to })),
  };
}

/** A lock that was made anew may be the one that was there. */
const isChanged = ({ changes = [], held }: CurrentLock): boolean => changes.length > 0 || held() !== undefined;

/** `installed 15 packages`, `changed 2`, `uninstalled 1`. */
export function effectWords({ where, changes }: Effects): readonly string[] {
  const verbs =
    where === "lock"
      ? { "+": "locked", "~": "changed", "-": "unlocked" }
      : { "+": "installed", "~": "changed", "-": "uninstalled" };
  const words = (["+", "~", "-"] as const).flatMap((sign) => {
    const count = changes.filter((change) => change.sign === sign).length;
    return count === 0 ? [] : [[verbs[sign], count] as const];
  });
  return words.map(([verb, count], at) => `${verb} ${at === 0 ? counted(count, "package") : count}`);
}

/** A line of a change list. */
export interface Row {
  readonly sign: Change["sign"] | "=";
  readonly name: string;
  /** The project asks for it itself. */
  readonly isDirect: boolean;
  readonly versions: readonly string[];
  /** Said behind it, dim. */
  readonly note?: string;
}

export const rowOf = ({ sign, name, isDirect, from, to }: Change): Row => ({
  sign,
  name,
  isDirect,
  versions: [from, to].filter((list) => list.length > 0).map((list) => list.join(", ")),
});

/** A list with indirect packages by name is at most this long (cli-text: digest). */
const LONGEST = 10;

/** Aligned lines: `own` by name, `others` too while there are few; else those that changed by name, and counts of the rest. */
export function rowLines(own: readonly Row[], others: readonly Change[], ui: TextStyle): readonly string[] {
  const isShort = own.length + others.length <= LONGEST || ui.verbosity > 0;
  const named = [...own, ...others.filter(({ sign }) => isShort || sign === "~").map(rowOf)];
  const width = Math.max(0, ...named.map(({ name }) => name.length));
  const versions = named.map((row) => row.versions.join(` ${ui.arrow} `));
  const versionWidth = Math.max(
    0,
    ...named.map(({ note }, at) => (note === undefined ? 0 : (versions[at] as string).length)),
  );
  const lines = named.map(({ sign, name, isDirect, note }, at) => {
    const shown = (isDirect ? ui.name(name) : name) + " ".repeat(width - name.length);
    const version = versions[at] as string;
    const behind = note === undefined ? version : `${version.padEnd(versionWidth)}  ${ui.dim(note)}`;
    return ` ${painted(sign, ui)} ${shown}  ${behind}`.trimEnd();
  });
  const hidden = (sign: Change["sign"]) => (isShort ? 0 : others.filter((change) => change.sign === sign).length);
  const [added, removed] = [hidden("+"), hidden("-")];
  return [
    ...lines,
    ...(added > 0 ? [` ${ui.add("+")} ${counted(added, "package")} they need`] : []),
    ...(removed > 0 ? [` ${ui.del("-")} ${counted(removed, "package")} nothing needs`] : []),
  ];
}

const painted = (sign: Row["sign"], ui: TextStyle): string =>
  ({ "+": ui.add, "-": ui.del, "~": ui.chg, "=": ui.dim })[sign](sign);

/** Versions of a package in a lock, joined; undefined where it has none. */
export function versionIn(lock: Lock | undefined, name: string): string | undefined {
  const versions = lock?.packages.flatMap((each) => (each.name === name ? [each.version] : [])) ?? [];
  return versions.length === 0 ? undefined : [...new Set(versions)].join(", ");
}

/** How long the command has run, as people read it. */
export async function timeTaken(session: Session): Promise<string> {
  const [{ startedAtMs }, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  return formatDuration(Math.max(0, clock.nowMs() - startedAtMs));
}

export const dependencies = (count: number): string => counted(count, "dependency", "dependencies");
