import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { CurrentLock, LockMaking, Locks, Upgrading } from "../../plugin-api/lock/current.ts";
import { encodeLock } from "../../plugin-api/lock/encode.ts";
import { indexesHere, type LockPlace } from "../../plugin-api/lock/place.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import { projectNotFound } from "../../plugin-api/project/not-found.ts";
import type { Project } from "../../plugin-api/project/read-project.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { ahead } from "../../plugin-api/system/afterwards.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { digestOf } from "../../plugin-api/system/journal.ts";
import type { ChangedFile } from "../../plugin-api/system/project-change.ts";
import { changesBetween } from "./change.ts";
import { decidingFiles } from "./deciding-files.ts";
import { differences, differencesBehind } from "./difference.ts";
import { PLATFORM, SETTINGS, settingsIn } from "./facts.ts";
import { isCurrent } from "./is-current.ts";
import { factsIn, type LockView, readLock } from "./kept.ts";
import { narrowed } from "./narrowed.ts";
import { reworded } from "./reworded.ts";
import { placeOf, solve } from "./solve.ts";
import { LockState } from "./state.ts";
import { type Subject, subjectOf } from "./subject.ts";

/** The locks of projects for the commands of other plugins. */
export default async function openLocks(session: Session): Promise<Locks> {
  const readIt = async (): Promise<Project> => {
    const { projectRoot } = await session.use(Host);
    if (projectRoot === undefined) throw projectNotFound("", session.cwd);
    return (await session.use(LockState)).project(projectRoot);
  };
  return {
    project: readIt,
    script: async (making) => (await import("./script-lock.ts")).lockScript(making, session),
    async current(want, making = {}) {
      const { texts, typed } = making;
      if (texts) (await session.use(LockState)).suppose({ texts, typed });
      const project = await readIt();
      const place = await placeOf(path.join(project.root, "pybun.lockb"), session);
      const view = readLock(place.path, place);
      const subject = await subjectOf({ platform: view && platformIn(view) }, session);
      const isStale = view === undefined || !isCurrent(view, subject.inputs);
      const digest = (held: CurrentLock["held"]): Sha256 => {
        const content = held()?.content;
        return (content === undefined ? digestOf(subject.file) : sha256Of(content)) as Sha256;
      };
      const found = ({ held = () => undefined, sha256 = () => digest(held), ...one }: Found): CurrentLock => ({
        project,
        file: subject.file,
        shown: subject.shown.lock,
        ...one,
        moved: movedIndexes(one.lock, place),
        before: view?.lock(),
        held,
        sha256,
        hasNotices: subject.notices.length > 0,
        decidedBy: () => (view ? decidingFiles(subject, view) : []),
      });
      const isKept = want === "as it is" || (!isStale && !isUpgrade(making.upgrading));
      if (view && isKept) return found({ lock: view.lock(), isStale, sha256: view.sha256 });
      if (want === "renewed") return found(await renew({ subject, view, making }, session));
      throw view ? stale(subject, view) : missing(subject);
    },
    withOwnVersion: async (name, version) => (await import("./own-version.ts")).withOwnVersion(name, version, session),
  };
}

/** A lock that was made for one platform stays one for that, until `pybun lock` is asked for another. */
const platformIn = (view: LockView): string | undefined =>
  settingsIn(new Map([[SETTINGS, view.meta(SETTINGS) ?? "{}"]]))[PLATFORM];

/** Compares where the indexes of a lock were and where those of these names are. */
function movedIndexes({ meta }: Lock, { path: file, indexes = {} }: LockPlace): ReadonlySet<string> {
  const then = indexesHere(meta["indexes"], { path: file });
  return new Set([...then].filter(([name, url]) => (indexes[name] ?? url) !== url).map(([name]) => name));
}

interface Renewal {
  readonly subject: Subject;
  readonly view: LockView | undefined;
  readonly making: LockMaking;
}

const isUpgrade = (upgrading: Upgrading | undefined): boolean =>
  upgrading !== undefined && (upgrading.upgrade || upgrading.upgradePackage.length > 0);

type Found = Pick<CurrentLock, "lock" | "changes" | "isStale"> & Partial<Pick<CurrentLock, "held" | "sha256">>;

async function renew({ subject, view, making }: Renewal, session: Session): Promise<Found> {
  const { file } = subject;
  const inputs = { ...subject.inputs, constraints: [...subject.inputs.constraints, ...(making.constraints ?? [])] };
  const place = await placeOf(file, session);
  const before = view?.lock();
  const { previous = before, upgrading = { upgrade: false, upgradePackage: [] } } = making;
  const installs = making.isDryRun ? undefined : await making.installs?.();
  const order = { inputs, place, previous, upgrading, installs };
  const known = reworded(order, making.reworded) ?? (making.constraints?.length ? undefined : narrowed(order));
  const { lock } = known ?? (await solve(order, session));
  session.signal.throwIfAborted();
  const made = { lock, changes: changesBetween(before, lock).all, isStale: false };
  if (making.isDryRun) return made;
  ahead(() => void readLock(file, place)?.lock());
  if (making.isHeldBack) return { ...made, held: heldBack({ lock, file, was: view?.sha256() ?? "" }, place) };
  writeAtomically(file, encodeLock(lock, place), { isDurable: true });
  return made;
}

/** Encoded when asked for: an `add` makes two locks, and writes one. */
function heldBack(
  { lock, file, was }: { readonly lock: Lock; readonly file: string; readonly was: string },
  place: LockPlace,
): CurrentLock["held"] {
  let made: { readonly held: ChangedFile | undefined } | undefined;
  const make = (): typeof made => {
    const content = encodeLock(lock, place);
    // One that would be written as it is is left alone: others look at its time.
    return { held: sha256Of(content) === was ? undefined : { file, content, was } };
  };
  return () => (made ??= make())?.held;
}

function missing({ shown }: Subject): PybunError {
  return new PybunError("E_LOCK_MISSING", `there is no ${shown.lock}`, { hints: ["make one: `pybun lock`"] });
}

function stale({ shown, inputs }: Subject, view: LockView): PybunError {
  const lock = view.lock();
  const found = [...differences(inputs, lock, factsIn(lock.meta)), ...differencesBehind(view, inputs.base)];
  return new PybunError("E_LOCK_STALE", `${shown.lock} does not match ${shown.from}`, {
    evidence: [...found.map(({ sign, subject, detail }) => `${sign} ${subject}  ${detail}`), "nothing was changed"],
    hints: ["update it: `pybun lock`"],
    context: { differences: found },
  });
}
