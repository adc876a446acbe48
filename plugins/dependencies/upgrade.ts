import type { RunOf } from "../../plugin-api/command.ts";
import { type CurrentLock, Locks } from "../../plugin-api/lock/current.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import { ProjectChanges } from "../../plugin-api/project/change.ts";
import { partsOf } from "../../plugin-api/project/parts.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { upgrade as spec } from "./commands.ts";
import { lockedNames, namesBelow } from "./locked-names.ts";
import { pick } from "./pick.ts";
import { raiseConstraints } from "./raise.ts";
import { isAbove, type Standing, survey } from "./survey.ts";
import { asUnchanged, withRetry } from "./unchanged.ts";
import { upgradeReport } from "./upgrade-report.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

/** SPEC PRJ-61. */
const upgrade: RunOf<typeof spec> = async (options, operands, session) => {
  if (options.interactive && operands.length + options.group.length > 0)
    throw usageError("upgrade", "`--interactive` asks what to upgrade, so no name is taken");
  const chosen = await choose(options, operands, session);
  if (chosen.names?.size === 0) return nothing(options.dryRun, session);
  return asUnchanged(() => withRetry(() => upgradeOnce({ options, chosen }, session)));
};
export default upgrade;

async function nothing(isDryRun: boolean, session: Session): Promise<Report> {
  const { project } = await (await session.use(Locks)).current("as it is");
  return upgradeReport({ edited: { files: [] }, raised: [], held: [], names: new Set(), project, isDryRun }, session);
}

/** What to upgrade: all, or packages by name, perhaps each with the versions it may get. */
interface Chosen {
  readonly names?: ReadonlySet<string>;
  readonly words: readonly string[];
}

async function choose(options: Options, operands: readonly string[], session: Session): Promise<Chosen> {
  const now = await (await session.use(Locks)).current("as it is");
  if (options.interactive) {
    const rows = await surveyAll(now.lock, undefined, session);
    const offered = rows.filter((row) => isOffered(row, options.latest));
    const picked = await pick(offered, session);
    return { names: new Set(picked), words: picked };
  }
  if (operands.length + options.group.length === 0) return { words: [] };
  const typed = operands.map(splitSpecifier);
  const names = lockedNames(
    typed.map(({ name }) => name),
    now.lock,
    "upgrade",
  );
  const below = groupNames(options.group, now, session.cwd);
  return {
    names: new Set([...names, ...below]),
    words: [...new Set([...typed.map(({ specifier }, at) => `${names[at]}${specifier}`), ...below])],
  };
}

/** `rich==15`: a certain version may be asked for. */
function splitSpecifier(word: string): { readonly name: string; readonly specifier: string } {
  const [, name, specifier] = /^([^\s=<>!~]+)\s*(.*)$/.exec(word.trim()) ?? [];
  if (name === undefined) throw usageError("upgrade", `\`${word}\` is not the name of a package`);
  return { name, specifier: specifier ?? "" };
}

function groupNames(groups: readonly string[], { lock, project }: CurrentLock, cwd: string): readonly string[] {
  if (groups.length === 0) return [];
  const asked = { extra: [], allExtras: false, group: groups, onlyGroup: [], noDev: false, package: [] };
  partsOf(project, asked, cwd);
  const wanted = new Set<string>(groups.map(normalizeName));
  return namesBelow(lock, ({ owner }) => owner.kind === "group" && wanted.has(owner.name));
}

const isOffered = ({ fits, current, latest, heldBy }: Standing, isRaising: boolean): boolean =>
  isAbove(fits.at(-1) ?? "", current.at(-1)) ||
  (isRaising && isAbove(latest, current.at(-1)) && heldBy.some(({ kind }) => kind === "project"));

const ALL = { upgrade: true, upgradePackage: [] } as const;

async function surveyAll(now: Lock, names: ReadonlySet<string> | undefined, session: Session) {
  const after = await (await session.use(Locks)).current("renewed", { isDryRun: true, upgrading: ALL });
  return survey({ now, after, ...(names && { names }) }, session);
}

async function upgradeOnce(
  { options, chosen }: { readonly options: Options; readonly chosen: Chosen },
  session: Session,
): Promise<Report> {
  const { names, words } = chosen;
  const now = await (await session.use(Locks)).current("as it is");
  const standings = options.latest ? await surveyAll(now.lock, names, session) : [];
  const { edit, raised } = await raiseConstraints(now, standings, session);
  const edited = await (await session.use(ProjectChanges)).apply({
    ...edit,
    root: now.project.root,
    upgrading: names === undefined ? ALL : { upgrade: false, upgradePackage: words },
    reach: options.noSync ? "lock" : "environment",
    isDryRun: options.dryRun,
    extra: [],
    group: [],
    package: [],
  });
  const { current } = edited;
  const held = current ? await survey({ now: current.lock, after: current, ...(names && { names }) }, session) : [];
  return upgradeReport({ edited, raised, held, names, project: now.project, isDryRun: options.dryRun }, session);
}
