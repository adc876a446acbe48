import type { RunOf } from "../../plugin-api/command.ts";
import type { CurrentLock } from "../../plugin-api/lock/current.ts";
import { ProjectChanges } from "../../plugin-api/project/change.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { addReport } from "./add-report.ts";
import { type Around, type Asked, askedFor, joined, placed } from "./asked.ts";
import { chooseIndex } from "./choose-index.ts";
import type { add as spec } from "./commands.ts";
import { editedFiles } from "./files.ts";
import { type List, listPath } from "./lists.ts";
import { warnOfLookAlikes } from "./look-alike.ts";
import { type Put, type PutAll, putAll } from "./put-all.ts";
import { readListed } from "./requirements.ts";
import { editTarget, listOf } from "./target.ts";
import { asUnchanged, withRetry } from "./unchanged.ts";
import { withBounds } from "./with-bounds.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

/** SPEC PRJ-10, PRJ-11. */
const add: RunOf<typeof spec> = async (options, operands, session) => {
  const list = listOf(options, "add");
  const { requirements, script } = options;
  if (operands.length + requirements.length === 0)
    throw usageError("add", "say what to add: `pybun add NAME`, or `-r FILE`");
  if (options.frozen && options.constraints.length > 0)
    throw usageError("add", "`--frozen` chooses no versions, so `--constraints` has no effect");
  if (script !== undefined)
    return (await import("./add-to-script.ts")).addToScript({ options, operands, script }, session);
  return asUnchanged(() => withRetry(() => addOnce({ options, operands, list }, session)));
};
export default add;

interface Call {
  readonly options: Options;
  readonly operands: readonly string[];
  readonly list: List;
}

async function addOnce({ options, operands, list }: Call, session: Session): Promise<Report> {
  const target = await editTarget(options, list, session);
  const { project, member } = target;
  const index = options.index === undefined ? undefined : await chooseIndex(options.index, target, session);
  const around: Around = { project, folder: member.folder, own: member.name, session };
  const manner = { ...options, index: index?.name };
  const { demands, constraints } = await readListed(options, session);
  const typed = await Promise.all(operands.map((text) => askedFor(text, manner, around)));
  const asked = joined([...typed, ...demands.map((demand) => placed(demand, manner, around))]);
  refuse(asked, { git: options.git, member: target.member, list });
  const text = index?.text ?? target.source.text;
  const at = listPath(target.source, list);
  const first = putAll(text, { asked, at });
  const edit = await editedFiles(target, first.text, first.typed);
  let last = first;
  const finish = async (locked: CurrentLock) => {
    const bounded = withBounds(asked, { puts: first.puts, lock: locked.lock, bounds: options.bounds });
    if (bounded === asked) return undefined;
    last = putAll(text, { asked: bounded, at });
    return { ...(await editedFiles(target, last.text, last.typed)), reworded: rewording(first, last, locked) };
  };
  const { noSync, frozen, dryRun: isDryRun } = options;
  const edited = await (await session.use(ProjectChanges)).apply({
    ...edit,
    root: project.root,
    finish,
    constraints,
    reach: frozen ? "files" : noSync ? "lock" : "environment",
    isDryRun,
    extra: list.kind === "optional" ? [list.name] : [],
    group: list.kind === "group" ? [list.name] : [],
    package: options.package !== undefined && project.isWorkspace ? [options.package] : [],
  });
  if (!frozen) await warnOfLookAlikes(fromIndexes(last.puts, edited.current), session);
  return addReport({ puts: last.puts, edited, lock: edited.current?.lock, list, file: member.file, isDryRun }, session);
}

function refuse(
  asked: readonly Asked[],
  { git, member, list }: { readonly git: string | undefined; readonly member: Pyproject; readonly list: List },
): void {
  if (git !== undefined && asked.length > 1)
    throw usageError("add", "`--git` is the repository of one package, and several are to be added");
  const own = asked.find(({ requirement }) => requirement.name === member.name);
  if (own !== undefined && (list.kind === "dependencies" || own.requirement.extras.length === 0))
    throw usageError("add", `\`${member.displayName}\` can't require itself`);
}

/** Lower bounds, at the version that was chosen, change no choice; where several were, the solver has the word. */
function rewording(first: PutAll, last: PutAll, { lock }: CurrentLock): ReadonlyMap<string, string> | undefined {
  const changed = last.puts.flatMap((put, at) => {
    const before = first.puts[at]?.to ?? put.to;
    return before === put.to ? [] : [{ name: put.name, before, now: put.to }];
  });
  const isOne = ({ name }: { readonly name: string }): boolean =>
    lock.packages.filter((each) => each.name === name).length === 1;
  return changed.every(isOne) ? new Map(changed.map(({ before, now }) => [before, now])) : undefined;
}

/** Names that are new, and come from an index. */
const fromIndexes = (puts: readonly Put[], current: CurrentLock | undefined): readonly string[] =>
  puts.flatMap(({ name, from }) => {
    const locked = current?.lock.packages.find((each) => each.name === name);
    return from === undefined && locked?.source.kind === "index" ? [name] : [];
  });
