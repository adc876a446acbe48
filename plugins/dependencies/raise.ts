import type { CurrentLock } from "../../plugin-api/lock/current.ts";
import type { EditedFiles } from "../../plugin-api/project/change.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import type { Session } from "../../plugin-api/session.ts";
import { itemsOfTomlArray, replaceInTomlArray } from "../../plugin-api/toml-array.ts";
import type { TomlPath } from "../../plugin-api/toml-document.ts";
import { editedFiles } from "./files.ts";
import { listPaths, listsOf } from "./lists.ts";
import { raisedSpecifier, withSpecifier } from "./raised-specifier.ts";
import { mergedText } from "./requirement-text.ts";
import type { Standing } from "./survey.ts";
import { editTarget } from "./target.ts";

/** A requirement that lets a newer release in. */
export interface Raised {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}
export interface Raising {
  readonly edit: EditedFiles;
  readonly raised: readonly Raised[];
}

/** The files of a project with those constraints raised that keep packages from their newest release; only their spans differ. */
export async function raiseConstraints(
  { project }: CurrentLock,
  standings: readonly Standing[],
  session: Session,
): Promise<Raising> {
  const latest = new Map(
    standings.flatMap(({ name, latest: version, heldBy }) =>
      heldBy.some(({ kind }) => kind === "project") ? [[name, version] as const] : [],
    ),
  );
  if (latest.size === 0) return { edit: { files: [] }, raised: [] };
  const raised: Raised[] = [];
  const edits: EditedFiles[] = [];
  for (const member of project.members) {
    const asked = { dev: false, ...(project.isWorkspace && { package: member.name }) };
    const target = await editTarget(asked, { kind: "group", name: "" }, session);
    let { text } = target.source;
    for (const { list } of listsOf(member, target.source))
      for (const path of listPaths(target.source, list)) text = raisedIn(text, path, { latest, raised });
    if (text !== target.source.text) edits.push(await editedFiles(target, text, new Set()));
  }
  const edit = {
    files: edits.flatMap(({ files }) => files),
    texts: new Map(edits.flatMap(({ texts }) => [...(texts ?? [])])),
  };
  return { edit, raised: [...new Map(raised.map((each) => [JSON.stringify(each), each])).values()] };
}

interface Wanted {
  readonly latest: ReadonlyMap<string, string>;
  /** Is added to. */
  readonly raised: Raised[];
}

/** The text with the requirements of a list raised that shut out the newest release of theirs. Pure but for `raised`, which is added to. */
export function raisedIn(text: string, path: TomlPath, { latest, raised }: Wanted): string {
  const items = itemsOfTomlArray(text, path) ?? [];
  return items.reduce((edited, item, index) => {
    const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(item)?.[1];
    if (name === undefined) return edited;
    const requirement = parseRequirement(item);
    const version = latest.get(requirement.name);
    const specifier = version === undefined ? undefined : raisedSpecifier(requirement.specifier, version);
    if (specifier === undefined) return edited;
    const to =
      withSpecifier(item, requirement.specifier, specifier) ?? mergedText(item, { ...requirement, specifier }, false);
    raised.push({ name: requirement.name, from: item, to });
    return replaceInTomlArray(edited, path, { index, value: to });
  }, text);
}
