import { encodeLock } from "../../plugin-api/lock/encode.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { changeLines } from "../../plugin-api/text/change-list.ts";
import { changesBetween, summary } from "./change.ts";
import { dataOf } from "./data.ts";
import { type LockView, readLock } from "./kept.ts";
import type { Upgrading } from "./request.ts";
import { placeOf, solve } from "./solve.ts";
import type { Subject } from "./subject.ts";
import { timeTaken } from "./time-taken.ts";

/** What to lock, what is locked, and what of it to give up. */
export interface Order {
  readonly subject: Subject;
  readonly view: LockView | undefined;
  readonly options: Upgrading & {
    readonly dryRun: boolean;
    /** Another tool's lock, whose versions are preferred to those that are locked. */
    readonly import?: string | undefined;
  };
}

/** Resolves, writes the lock in one step unless it is a dry run, and tells what changed. Throws what the stage `lock` throws. */
export async function relock({ subject, view, options }: Order, session: Session): Promise<Report> {
  const place = await placeOf(subject.file, session);
  const previous = view && readLock(subject.file, place)?.lock();
  const preferred =
    options.import === undefined
      ? previous
      : await (await import("./imported.ts")).withImported(previous, options.import, session);
  const order = { inputs: subject.inputs, place, previous: preferred, upgrading: options };
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
