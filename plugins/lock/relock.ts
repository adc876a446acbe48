import path from "node:path";
import type { Upgrading } from "../../plugin-api/lock/current.ts";
import { encodeLock } from "../../plugin-api/lock/encode.ts";
import { keepingVersions } from "../../plugin-api/lock/foreign-lock.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { changeLines } from "../../plugin-api/text/change-list.ts";
import { changesBetween, summary } from "./change.ts";
import { type LockView, readLock } from "./kept.ts";
import { keepMade, madeFile, readMade } from "./made.ts";
import { choose, complete, placeOf, type Solved, type SolveOrder } from "./solve.ts";
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
  const chosen = await choose(order, session);
  const { dataDir, output } = await session.use(Host);
  const { lock, bytes } = make(chosen, order, dataDir);
  const changes = changesBetween(previous, lock);
  session.signal.throwIfAborted();
  if (!options.dryRun) writeAtomically(subject.file, bytes, { isDurable: true });
  const took = await timeTaken(session);
  const about = { file: subject.file, changes, isDryRun: options.dryRun };
  const isFirst = previous === undefined && options.import === undefined && subject.kind !== "script";
  return {
    exitCode: 0,
    nextActions: isFirst ? keepingVersions(path.dirname(subject.file), session.cwd) : [],
    data:
      output.format === "text"
        ? { lockfile: subject.file, path: subject.file, up_to_date: false, dry_run: options.dryRun }
        : (await import("./data.ts")).dataOf({ ...chosen, ...about, lock }),
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

/** The finished lock with its bytes. Those of an answer that was remembered are remembered, too. */
function make(chosen: Solved, order: SolveOrder, dataDir: string): { readonly lock: Lock; readonly bytes: Uint8Array } {
  const file = madeFile(chosen.lock, order, dataDir);
  const made = file === undefined ? undefined : readMade(file);
  if (made) return { lock: chosen.lock, bytes: made };
  const lock = complete(chosen, order);
  const bytes = encodeLock(lock, order.place);
  if (file !== undefined) keepMade(file, bytes);
  return { lock, bytes };
}
