import { PybunError } from "../../plugin-api/error.ts";
import { Locks } from "../../plugin-api/lock/current.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { Catalogue } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type List, listFlags, listsOf, listWords } from "./lists.ts";
import type { EditTarget } from "./target.ts";

const MOST_NAMES = 20;

/** Why a name can't be removed: where it is declared instead, else who requires it, else what could be removed (cli-text: S6). */
export async function notADependency(
  name: string,
  { list, target }: { readonly list: List; readonly target: EditTarget },
  session: Session,
): Promise<PybunError> {
  const { member, source } = target;
  const declared = listsOf(member, source).flatMap((each) =>
    each.demands
      .filter(({ requirement }) => requirement.name === name)
      .map(({ origin }) => ({ list: each.list, origin })),
  );
  const what =
    list.kind === "dependencies"
      ? `a dependency of ${member.displayName}`
      : `in ${listWords(list)} of ${member.displayName}`;
  const make = (evidence: readonly string[], hints: readonly string[], context: Readonly<Record<string, unknown>>) =>
    new PybunError("E_NOT_A_DEPENDENCY", `\`${name}\` is not ${what}`, {
      evidence,
      hints,
      context: { name, project: member.file, ...context },
    });
  const [other] = declared;
  if (other !== undefined) {
    const evidence = declared.map((each) => `declared in ${listWords(each.list) || "dependencies"} (${each.origin})`);
    const flags = listFlags(other.list);
    return make(evidence, [`remove it there: \`pybun remove ${[...flags, name].join(" ")}\``], {
      declared: declared.map((each) => ({ list: listWords(each.list) || "dependencies", origin: each.origin })),
    });
  }
  const parents = whoRequires(name, await lockOf(session));
  if (parents.length > 0) {
    const { commands } = await session.use(Catalogue);
    const hints = commands.has("why") ? [`show every path: \`pybun why ${name}\``] : [];
    return make([`installed because ${joined(parents)} ${parents.length === 1 ? "requires" : "require"} it`], hints, {
      required_by: parents,
    });
  }
  const all = listsOf(member, source).flatMap((each) => each.demands.map(({ requirement }) => requirement.name));
  const near = nearest(name, all);
  const hints =
    near === undefined
      ? []
      : [`did you mean \`${near}\`: \`pybun remove ${[...flagsFor(near, target), near].join(" ")}\``];
  return make([whatThereIs(target)], hints, { known: [...new Set(all)] });
}

async function lockOf(session: Session): Promise<Lock | undefined> {
  try {
    return (await (await session.use(Locks)).current("as it is", { isDryRun: true })).lock;
  } catch (error) {
    if (error instanceof PybunError) return undefined;
    throw error;
  }
}

function whoRequires(name: string, lock: Lock | undefined): readonly string[] {
  const parents =
    lock?.packages.filter(({ dependencies }) => dependencies.some(({ to }) => lock.packages[to]?.name === name)) ?? [];
  return [...new Set(parents.map((parent) => parent.name))];
}

function joined(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} others`] : names;
  return shown.length === 1 ? (shown[0] as string) : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** `dependencies: fastapi, pandas; group dev: pytest`. */
function whatThereIs({ member, source }: EditTarget): string {
  let left = MOST_NAMES;
  const parts = listsOf(member, source).flatMap(({ list, demands }) => {
    const names = [...new Set(demands.map(({ requirement }) => requirement.name))];
    const shown = names.slice(0, left);
    left -= shown.length;
    if (shown.length === 0) return [];
    return [`${listWords(list) || "dependencies"}: ${shown.join(", ")}${names.length > shown.length ? ", ..." : ""}`];
  });
  return parts.length === 0 ? "it has no dependencies at all" : parts.join("; ");
}

function flagsFor(name: string, { member, source }: EditTarget): readonly string[] {
  const holder = listsOf(member, source).find(({ demands }) =>
    demands.some(({ requirement }) => requirement.name === name),
  );
  return holder === undefined ? [] : listFlags(holder.list);
}
