import type { Lock } from "../../plugin-api/model/lock.ts";
import type { ProjectEdited } from "../../plugin-api/project/change.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import { dependencies, effectsOf, effectWords, type Row, rowLines, rowOf, timeTaken } from "./effects.ts";
import { type List, listWords } from "./lists.ts";

/** A requirement that was taken out of a list, as it stood there. */
export interface Removed {
  readonly name: string;
  readonly requirement: string;
}
export interface RemovedAll {
  readonly removed: readonly Removed[];
  readonly edited: ProjectEdited;
  readonly list: List;
  /** The project's file, or the script. */
  readonly file: string;
  readonly isDryRun: boolean;
}

/** What went, what stays because others need it, and the line below (cli-text: S5). */
export async function removeReport(
  { removed, edited, list, file, isDryRun }: RemovedAll,
  session: Session,
): Promise<Report> {
  const took = await timeTaken(session);
  const effects = effectsOf(edited);
  const names = [...new Set(removed.map(({ name }) => name))];
  const kept = edited.current ? keptBack(names, edited.before, edited.current.lock) : [];
  return {
    exitCode: 0,
    data: {
      file,
      removed: removed.map((each) => ({ ...each, list: listWords(list) || "dependencies" })),
      still_needed: kept.map(({ name, version, neededBy }) => ({ name, version, needed_by: neededBy })),
      ...effects.data,
      dry_run: isDryRun,
    },
    text: (ui) => {
      const isOwn = (name: string): boolean => names.includes(name);
      const gone = new Map(effects.changes.flatMap((change) => (change.sign === "-" ? [[change.name, change]] : [])));
      const own = names.map((name): Row => {
        const change = gone.get(name);
        return change ? { ...rowOf(change), isDirect: true } : { sign: "-", name, isDirect: true, versions: [] };
      });
      const shown = own.filter(({ name }) => !kept.some((each) => each.name === name));
      const others = effects.changes.filter(
        ({ name, sign }) => !isOwn(name) && !(sign === "-" && kept.some((each) => each.name === name)),
      );
      // What stays in the lock need not stay in the environment, which may be without the extra.
      const stays = kept.map(({ name, version, neededBy }): Row => {
        const [sign, note] = gone.has(name) ? (["-", "locked for"] as const) : (["=", "needed by"] as const);
        return { sign, name, isDirect: isOwn(name), versions: [version], note: `${note} ${neededBy.join(", ")}` };
      });
      const words = effectWords(effects).join(", ");
      const isShort = shown.length + others.length <= 10 || ui.verbosity > 0;
      const lines = isShort
        ? rowLines([...shown, ...others.map(rowOf), ...stays], [], ui)
        : [...rowLines(shown, others, ui), ...rowLines(stays, [], ui)];
      const said = [dependencies(names.length), ...(words === "" ? [] : [words])].join(", ");
      if (!isDryRun) return [...lines, `${ui.ok("Removed")} ${said} ${ui.dim(`in ${took}`)}`].join("\n");
      return [
        ...lines,
        `${ui.ok("Would remove")} ${said.replaceAll(/\b(uninstall|unlock|install|lock)ed\b/g, "$1")}`,
      ].join("\n");
    },
  };
}

interface Kept {
  readonly name: string;
  readonly version: string;
  readonly neededBy: readonly string[];
}

const MOST_PARENTS = 3;

/** Of what was removed, and of what that requires, all that stays because somebody else requires it. */
function keptBack(names: readonly string[], before: Lock | undefined, { packages, roots }: Lock): readonly Kept[] {
  const now = new Map(packages.map((each) => [each.name as string, each]));
  const candidates = new Set(names);
  for (const gone of before?.packages ?? [])
    if (names.includes(gone.name) && !now.has(gone.name))
      for (const { to } of gone.dependencies) candidates.add(before?.packages[to]?.name ?? "");
  return [...candidates].sort().flatMap((name) => {
    const held = now.get(name);
    if (held === undefined) return [];
    const parents = packages.filter(({ dependencies: edges }) => edges.some(({ to }) => packages[to]?.name === name));
    const owners = roots.filter(({ to }) => packages[to]?.name === name).map(({ owner }) => ownerWords(owner));
    // A project that others lead back to is a package of its own lock, too.
    const others = parents.filter(({ source }) => source.kind !== "member" || owners.length === 0);
    const neededBy = [...new Set([...others.map((parent) => parent.name as string), ...owners])];
    const shown =
      neededBy.length > MOST_PARENTS
        ? [...neededBy.slice(0, MOST_PARENTS - 1), `${neededBy.length - MOST_PARENTS + 1} others`]
        : neededBy;
    return neededBy.length === 0 ? [] : [{ name, version: held.version, neededBy: shown }];
  });
}

const ownerWords = ({ kind, name }: Lock["roots"][number]["owner"]): string =>
  kind === "group" ? `group ${name}` : kind === "optional" ? `extra ${name}` : kind === "member" ? name : "the project";
