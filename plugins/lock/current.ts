import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { CurrentLock, Locks } from "../../plugin-api/lock/current.ts";
import { encodeLock } from "../../plugin-api/lock/encode.ts";
import { indexesHere, type LockPlace } from "../../plugin-api/lock/place.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { changesBetween } from "./change.ts";
import { decidingFiles } from "./deciding-files.ts";
import { differences, differencesBehind } from "./difference.ts";
import { PLATFORM, SETTINGS, settingsIn } from "./facts.ts";
import { isCurrent } from "./is-current.ts";
import { factsIn, type LockView, readLock } from "./kept.ts";
import { placeOf, solve } from "./solve.ts";
import { LockState } from "./state.ts";
import { projectNotFound, type Subject, subjectOf } from "./subject.ts";

/** The locks of projects for the commands of other plugins. */
export default async function openLocks(session: Session): Promise<Locks> {
  return {
    async current(want, { isDryRun = false } = {}) {
      const { projectRoot } = await session.use(Host);
      if (projectRoot === undefined) throw projectNotFound();
      const project = (await session.use(LockState)).project(projectRoot);
      const place = await placeOf(path.join(project.root, "pybun.lockb"), session);
      const view = readLock(place.path, place);
      const subject = await subjectOf({ platform: view && platformIn(view) }, session);
      const isStale = view === undefined || !isCurrent(view, subject.inputs);
      const found = (one: Pick<CurrentLock, "lock" | "changes" | "isStale">): CurrentLock => ({
        project,
        file: subject.file,
        shown: subject.shown.lock,
        ...one,
        moved: movedIndexes(one.lock, place),
        hasNotices: subject.notices.length > 0,
        decidedBy: () => (view ? decidingFiles(subject, view) : []),
      });
      if (view && (!isStale || want === "as it is")) return found({ lock: view.lock(), isStale });
      if (want === "renewed") return found(await renew({ subject, view, isDryRun }, session));
      throw view ? stale(subject, view) : missing(subject);
    },
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
  readonly isDryRun: boolean;
}

async function renew(
  { subject, view, isDryRun }: Renewal,
  session: Session,
): Promise<Pick<CurrentLock, "lock" | "changes" | "isStale">> {
  const place = await placeOf(subject.file, session);
  const previous = view?.lock();
  const upgrading = { upgrade: false, upgradePackage: [] };
  const { lock } = await solve({ inputs: subject.inputs, place, previous, upgrading }, session);
  session.signal.throwIfAborted();
  if (!isDryRun) writeAtomically(subject.file, encodeLock(lock, place), { isDurable: true });
  return { lock, changes: changesBetween(previous, lock).all, isStale: false };
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
