import type { RunOf } from "../../plugin-api/command.ts";
import { ProjectChanges } from "../../plugin-api/project/change.ts";
import { isPackageName, normalizeName } from "../../plugin-api/python/package-name.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { remove as spec } from "./commands.ts";
import { dropRequirement } from "./edit-list.ts";
import { editedFiles } from "./files.ts";
import { type List, listPaths, listsOf } from "./lists.ts";
import { notADependency } from "./not-a-dependency.ts";
import { type Removed, removeReport } from "./remove-report.ts";
import { dropSource } from "./sources.ts";
import { type EditTarget, editTarget, listOf } from "./target.ts";
import { asUnchanged, withRetry } from "./unchanged.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

/** SPEC PRJ-20. */
const remove: RunOf<typeof spec> = async (options, operands, session) => {
  const list = listOf(options, "remove");
  const names = [...new Set(operands.map(nameOf))];
  if (options.script !== undefined)
    return (await import("./remove-from-script.ts")).removeFromScript(
      { options, names, script: options.script },
      session,
    );
  return asUnchanged(() => withRetry(() => removeOnce({ options, names, list }, session)));
};
export default remove;

/** A whole requirement may be given: its name counts. */
function nameOf(text: string): string {
  const name = /^\s*([A-Za-z0-9][\w.-]*?)\s*(?:\[[^\]]*\]\s*)?(?:[=<>!~;@(].*)?$/s.exec(text)?.[1];
  if (name === undefined || !isPackageName(name))
    throw usageError("remove", `\`${text}\` is not the name of a package`);
  return normalizeName(name);
}

interface Call {
  readonly options: Options;
  readonly names: readonly string[];
  readonly list: List;
}

async function removeOnce({ options, names, list }: Call, session: Session): Promise<Report> {
  const target = await editTarget(options, list, session);
  const { project, member } = target;
  const { text, removed } = await dropAll({ names, list, target }, session);
  const { noSync, frozen, dryRun: isDryRun } = options;
  const edited = await (await session.use(ProjectChanges)).apply({
    ...(await editedFiles(target, text, new Set())),
    root: project.root,
    reach: frozen ? "files" : noSync ? "lock" : "environment",
    isDryRun,
    removes: names,
    extra: [],
    group: [],
    package: options.package !== undefined && project.isWorkspace ? [options.package] : [],
  });
  return removeReport({ removed, edited, list, file: member.file, isDryRun }, session);
}

/** Also the sources of what no list has any more. Throws `E_NOT_A_DEPENDENCY`. */
async function dropAll(
  { names, list, target }: { readonly names: readonly string[]; readonly list: List; readonly target: EditTarget },
  session: Session,
): Promise<{ readonly text: string; readonly removed: readonly Removed[] }> {
  const { source, member } = target;
  let { text } = source;
  const removed: Removed[] = [];
  for (const name of names) {
    const gone: string[] = [];
    for (const path of listPaths(source, list)) {
      const dropped = dropRequirement(text, path, name);
      text = dropped.text;
      gone.push(...dropped.gone);
    }
    if (gone.length === 0) throw await notADependency(name, { list, target }, session);
    removed.push(...gone.map((requirement) => ({ name, requirement })));
    const isElsewhere = listsOf(member, source).some(
      (other) => !isSame(other.list, list) && other.demands.some(({ requirement }) => requirement.name === name),
    );
    if (!isElsewhere) text = dropSource(text, name);
  }
  return { text, removed };
}

const isSame = (one: List, other: List): boolean =>
  one.kind === other.kind && ("name" in one ? one.name : "") === ("name" in other ? other.name : "");
