import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { type CurrentLock, Locks } from "../../plugin-api/lock/current.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import type { ProjectChanges, ProjectEdit, ProjectEdited } from "../../plugin-api/project/change.ts";
import { partsOf } from "../../plugin-api/project/parts.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { TargetEnvironment } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { digestOf } from "../../plugin-api/system/journal.ts";
import { aloneInProject, type ChangedFile, commitFiles, replaceFile } from "../../plugin-api/system/project-change.ts";
import { type Brought, type Installing, installFrom, installsInto, type Order, targetOnce } from "./bring.ts";
import { keep, takenBack } from "./take-back.ts";

/** Changes of projects for the commands of other plugins. */
export default async function openChanges(session: Session): Promise<ProjectChanges> {
  return { apply: (edit) => apply(edit, session).catch((error: unknown) => Promise.reject(asRemoved(error, edit))) };
}

/** What is changed was there when it was read. */
function asRemoved(error: unknown, { files: [first] }: ProjectEdit): unknown {
  if (!(error instanceof PybunError) || error.code !== "E_PROJECT_NOT_FOUND" || !first) return error;
  const name = path.basename(first.file);
  return new PybunError("E_PROJECT_CHANGED", `${name} was removed by somebody else meanwhile`, {
    evidence: ["nothing was changed"],
    file: first.file,
    context: { path: first.file },
    isRetryable: true,
  });
}

async function apply(edit: ProjectEdit, session: Session): Promise<ProjectEdited> {
  const { root, isDryRun } = edit;
  if (edit.reach === "files") {
    if (!isDryRun) await commitAlone(root, edit.files.filter(isOther), session);
    return { files: edit.files };
  }
  const found = targetOnce(session);
  const { files, current } = await lockOf(edit, found, session);
  const { before } = current;
  const held = current.held();
  const all = [...files.filter(isOther), ...(held ? [held] : [])];
  const edited = { files, current, before };
  if (edit.reach === "lock") {
    if (!isDryRun) await commitAlone(root, all, session);
    return edited;
  }
  const { plan, target } = await install({ edit, files: all, current, found }, session);
  return { ...edited, plan, target };
}

/** A file that is written as it is would count as changed for whoever looks at its time. */
const isOther = ({ content, was }: ChangedFile): boolean => sha256Of(content) !== was;

async function commitAlone(root: string, files: readonly ChangedFile[], { signal }: Session): Promise<void> {
  const [only, second] = files;
  if (!only) return;
  if (!second) replaceFile(only);
  else await aloneInProject(root, signal, () => commitFiles({ root, files }));
}

interface Locked {
  readonly files: readonly ChangedFile[];
  readonly current: CurrentLock;
}

async function lockOf(edit: ProjectEdit, found: Installing["found"], session: Session): Promise<Locked> {
  const { files, texts = textsOf(files), typed, constraints, upgrading, isDryRun } = edit;
  const locks = await session.use(Locks);
  // Wheels come while the lock is still being made, as far as they are going to be installed.
  const installs = edit.reach === "environment" ? async () => installsInto(await found()) : undefined;
  const making = { isDryRun, isHeldBack: true, constraints, installs };
  const first = await locks.current("renewed", { ...making, texts, typed, upgrading });
  const finished = await edit.finish?.(first);
  if (!finished) return { files, current: first };
  const { lock: previous } = first;
  const again = { ...making, texts: textsOf(finished.files), ...finished, previous };
  return { files: finished.files, current: await locks.current("renewed", again) };
}

const textsOf = (files: readonly ChangedFile[]): ReadonlyMap<string, string> =>
  new Map(files.flatMap(({ file, content }) => (typeof content === "string" ? [[file, content] as const] : [])));

interface Work {
  readonly edit: ProjectEdit;
  /** With the lock. */
  readonly files: readonly ChangedFile[];
  readonly current: CurrentLock;
  readonly found: Installing["found"];
}

async function install({ edit, files, current, found }: Work, session: Session): Promise<Brought> {
  const { project, before, lock } = current;
  const { root, isDryRun } = edit;
  const isExact = isWholeAlone(edit, current, await found());
  const asked = { ...edit, ...ALL_ELSE, ...(isExact && { package: [], allPackages: true }) };
  const parts = partsOf(project, asked, session.cwd);
  const order: Order = { ...edit, ...ALL_ELSE, want: "renewed", noInstallProject: false, inexact: true, isDryRun };
  const removes = new Set([...goneFrom(before, lock), ...(edit.removes ?? [])]);
  const installing: Installing = { current, parts, order, isExact, removes, found };
  const change = {
    ...(files.length > 0 && { files: { root, files } }),
    keepsProject: true,
    isWholeIn: isWholeIn(edit, current),
  };
  const isBuilt = !isDryRun && parts.members.some(({ isPackage }) => isPackage);
  const kept = isBuilt ? keep(files) : [];
  const brought = await installFrom({ ...installing, ...change }, session);
  if (!isBuilt) return brought;
  try {
    // What the project says of itself, its requirements among them, is built from the files as they are now.
    // The environment may be there only now.
    await installFrom({ ...installing, found: targetOnce(session), isWholeIn: () => brought.isWhole }, session);
  } catch (error) {
    const { choice } = partsOf(project, { ...asked, extra: [], group: [] }, session.cwd);
    const before = { ...installing, found: targetOnce(session), parts: { ...parts, choice } };
    throw await takenBack(error, { kept, installing: before, root }, session);
  }
  return brought;
}

const ALL_ELSE = { allExtras: false, onlyGroup: [], noDev: false, noEditable: false, isFrozen: false } as const;

/** Packages that the lock no longer has. */
const goneFrom = (before: Lock | undefined, { packages }: Lock): readonly string[] => {
  const names = new Set<string>(packages.map(({ name }) => name));
  return before?.packages.flatMap(({ name }) => (names.has(name) ? [] : [name])) ?? [];
};

/** One that was equal to the lock before is equal to it afterwards, and so is a new one, unless it gets more than is usual. */
const isWholeIn =
  (edit: ProjectEdit, current: CurrentLock) =>
  ({ root, selected, replaced }: TargetEnvironment): boolean =>
    isUsual(edit, current) && (selected ? equalsLock(root, current) : !replaced && edit.package.length === 0);

const equalsLock = (root: string, { held, file }: CurrentLock): boolean => {
  const before = readEnvironmentStamp(root)?.lockSha256;
  return before !== undefined && before === (held()?.was ?? digestOf(file));
};

/** No part of the project is asked for but those that are installed in any case. */
function isUsual({ extra, group, root }: ProjectEdit, { project }: CurrentLock): boolean {
  if (extra.length + group.length === 0) return true;
  const asked = { ...ALL_ELSE, extra: [], group: [], package: [], allPackages: true };
  const { groups } = partsOf(project, asked, root).choice;
  return extra.length === 0 && group.every((name) => groups.includes(normalizeName(name)));
}

/** The environment equals the lock, and nobody has put anything in since: what is no longer needed goes, though other parts of the lock name it. */
function isWholeAlone(edit: ProjectEdit, current: CurrentLock, { root, selected }: TargetEnvironment): boolean {
  if (!selected || !isUsual(edit, current) || !equalsLock(root, current)) return false;
  const { mtimeMs } = fs.statSync(selected.environment.sitePackages);
  return mtimeMs === readEnvironmentStamp(root)?.siteMtimeMs;
}
