import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { leaveNote, upToDate as sayUpToDate } from "../../plugin-api/system/leave-note.ts";
import { counted } from "../../plugin-api/text/units.ts";
import { changesBetween, isOwn } from "./change.ts";
import type { lock as spec } from "./commands.ts";
import { decidingFiles } from "./deciding-files.ts";
import { isCurrent } from "./is-current.ts";
import { type LockView, readLock } from "./kept.ts";
import { type Subject, subjectOf } from "./subject.ts";
import { timeTaken } from "./time-taken.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

/** Makes the lock match what it is of, or says what differs: `lock`, `--check`, `--dry-run`, `--upgrade`. */
export default async function update(options: Options, session: Session): Promise<Report> {
  const subject = await subjectOf(options, session);
  const view = readKept(subject, options, session);
  const isAnew = options.upgrade || options.upgradePackage.length > 0 || options.import !== undefined;
  if (view && isCurrent(view, subject.inputs) && !isAnew) return upToDate(subject, view, session);
  // What only these two need is not loaded to find that nothing changed.
  if (options.check) return (await import("./check.ts")).staleReport(subject, view);
  return (await import("./relock.ts")).relock({ subject, view, options }, session);
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
  const own = subject.inputs.own.filter(({ requirement }) => view.find(requirement.name).some(isOwn));
  const line = `${subject.shown.lock}, ${counted(view.nameCount() - own.length, "package")}`;
  // What was told beside it would be missing the next time.
  if (subject.notices.length === 0)
    await leaveNote({ command: "lock", text: sayUpToDate(line), files: decidingFiles(subject, view) }, session);
  const took = await timeTaken(session);
  return {
    exitCode: 0,
    data: await unchangedData(subject, view, session),
    text: (ui) => `${ui.ok("Up to date")}: ${line} ${ui.dim(`in ${took}`)}`,
  };
}

/** People are told one line, for which nothing of the lock has to be decoded. */
async function unchangedData(subject: Subject, view: LockView, session: Session): Promise<Report["data"]> {
  const { output } = await session.use(Host);
  if (output.format === "text") return { lockfile: subject.file, path: subject.file, up_to_date: true, dry_run: false };
  const lock = view.lock();
  const { dataOf } = await import("./data.ts");
  return dataOf({ file: subject.file, lock, changes: changesBetween(lock, lock), isDryRun: false });
}
