import path from "node:path";
import { type AskedLock, askedLock } from "../../plugin-api/lock/asked-lock.ts";
import type { LockChoice } from "../../plugin-api/model/lock.ts";
import { type AskedParts, partsOf } from "../../plugin-api/project/parts.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import type { StartName } from "./graph.ts";

/** A lock, and whose requirements of it are looked at. */
export interface Subject extends AskedLock {
  readonly starts: readonly StartName[];
  /** Absent for all extras and groups. */
  readonly choice?: LockChoice;
}
export interface Asked extends Omit<AskedParts, "package"> {
  readonly script: string | undefined;
  /** Packages to look at; those that are members of the workspace choose them. */
  readonly names: readonly string[];
}

/** Reads the lock as it is, and finds out which parts of the project count. Throws what `askedLock` and `partsOf` throw. */
export async function subjectOf(asked: Asked, session: Session): Promise<Subject> {
  const found = await askedLock({ script: asked.script, otherwise: "it is shown as it is" }, session);
  const { project } = found;
  if (project === undefined) {
    const { home } = await session.use(Host);
    const shown = showPath(found.file, { cwd: session.cwd, home });
    const name = asked.script === undefined ? shown : path.basename(asked.script);
    return { ...found, starts: [{ name, version: "" }], ...(isChoosing(asked) && { choice: ofNames(asked) }) };
  }
  const known = new Set<string>(project.isWorkspace ? project.members.flatMap(({ name }) => name ?? []) : []);
  const members = asked.names.map(normalizeName).filter((name) => known.has(name));
  const parts = partsOf(project, { ...asked, package: members }, session.cwd);
  const starts = parts.members.map(({ name, version = "" }): StartName => {
    const shownName = name ?? path.basename(project.root);
    return { name: shownName, version, ...(project.isWorkspace && name !== undefined && { member: name }) };
  });
  return { ...found, starts, ...(isChoosing(asked) && { choice: parts.choice }) };
}

const isChoosing = ({ extra, allExtras, group, onlyGroup, noDev }: Asked): boolean =>
  allExtras || noDev || [extra, group, onlyGroup].some((list) => list.length > 0);

/** Where nothing but the lock is known. */
function ofNames({ extra, allExtras, group, onlyGroup }: Asked): LockChoice {
  const extras = allExtras ? "all" : extra;
  return { extras, groups: [...group, ...onlyGroup], ...(onlyGroup.length > 0 && { onlyGroups: true }) };
}
