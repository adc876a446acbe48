import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { encodeLock } from "../../plugin-api/lock/encode.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { changeLines } from "../../plugin-api/text/change-list.ts";
import { counted, formatDuration } from "../../plugin-api/text/units.ts";
import { changesBetween, isOwn, summary } from "./change.ts";
import { staleReport } from "./check.ts";
import type { lock as spec } from "./commands.ts";
import { dataOf } from "./data.ts";
import { STAMP, stampOf } from "./facts.ts";
import { type LockView, readLock } from "./kept.ts";
import { placeOf, solve } from "./solve.ts";
import { type Subject, subjectOf } from "./subject.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

/** Makes the lock match what it is of, or says what differs: `lock`, `--check`, `--dry-run`, `--upgrade`. */
export default async function update(options: Options, session: Session): Promise<Report> {
  const subject = await subjectOf(options, session);
  const view = readKept(subject, options, session);
  const isUpgrade = options.upgrade || options.upgradePackage.length > 0;
  if (view && view.meta(STAMP) === stampOf(subject.inputs.facts) && !isUpgrade) return upToDate(subject, view, session);
  return options.check ? staleReport(subject, view) : relock({ subject, view, options }, session);
}

/** A lock that can't be read is made anew, unless it is only to be looked at. */
function readKept(subject: Subject, options: Options, session: Session): LockView | undefined {
  try {
    return readLock(subject.file);
  } catch (error) {
    if (!(error instanceof PybunError) || error.code !== "E_LOCK_INVALID" || options.check) throw error;
    const words = `${subject.shown.lock} can't be read, so no version of it is kept: ${error.message}`;
    session.emit({ type: "Diagnostic", diagnostic: warning("W_LOCK_UNREADABLE", words, { file: subject.shown.lock }) });
    return undefined;
  }
}

async function upToDate(subject: Subject, view: LockView, session: Session): Promise<Report> {
  const lock = view.lock();
  const { writeNote } = await import("./note.ts");
  const names = new Set(lock.packages.filter((each) => !isOwn(each)).map(({ name }) => name));
  const line = `${subject.shown.lock}, ${counted(names.size, "package")}`;
  await writeNote(subject, line, session);
  const took = await timeTaken(session);
  return {
    exitCode: 0,
    data: dataOf({ file: subject.file, lock, changes: changesBetween(lock, lock), isWritten: false }),
    text: (ui) => `${ui.ok("Up to date")}: ${line} ${ui.dim(`in ${took}`)}`,
  };
}

interface Order {
  readonly subject: Subject;
  readonly view: LockView | undefined;
  readonly options: Options;
}

async function relock({ subject, view, options }: Order, session: Session): Promise<Report> {
  const place = await placeOf(subject.file, session);
  const previous = view && readLock(subject.file, place)?.lock();
  const order = { inputs: subject.inputs, place, previous, upgrading: options };
  const { lock, interpreter, resolutionMs } = await solve(order, session);
  const changes = changesBetween(previous, lock);
  session.signal.throwIfAborted();
  const bytes = encodeLock(lock, place);
  if (!options.dryRun) writeAtomically(subject.file, bytes, { isDurable: true });
  const took = await timeTaken(session);
  return {
    exitCode: 0,
    data: dataOf({
      file: subject.file,
      lock,
      changes,
      isWritten: !options.dryRun,
      resolutionMs,
      ...(interpreter && { interpreter }),
    }),
    text: (ui) => {
      const words = summary(changes, options.dryRun ? "Would lock" : "Locked");
      const verb = /^\w+(?: lock)?/.exec(words)?.[0] ?? "";
      return [
        ...changeLines(changes.all, ui),
        `${ui.ok(verb)}${words.slice(verb.length)} ${ui.dim(`in ${took}`)}`,
      ].join("\n");
    },
  };
}

async function timeTaken(session: Session): Promise<string> {
  const [{ startedAtMs }, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  return formatDuration(Math.max(0, clock.nowMs() - startedAtMs));
}
