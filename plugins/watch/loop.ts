import { diagnosticOf, warning } from "../../plugin-api/diagnostic.ts";
import { Interrupted, PybunError } from "../../plugin-api/error.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Invocation, Outcome } from "../../plugin-api/stages.ts";
import { externalBackend, nativeBackend } from "./backends.ts";
import { type ChangeQueue, changeQueue } from "./change-queue.ts";
import type { WatchConfig } from "./config.ts";
import type { Change } from "./gather.ts";
import { type Answer, restart } from "./link.ts";
import { type Notices, openNotices } from "./notices.ts";
import { matcher } from "./patterns.ts";
import { pythonBelow } from "./processes.ts";
import { beginProgram, type Program } from "./program.ts";
import { removeStaleBytecode } from "./stale-bytecode.ts";
import { type Backend, type Sight, watchFolders } from "./watcher.ts";

export interface WatchWork {
  /** Asked anew before each start. */
  readonly next: () => Promise<Invocation>;
  readonly config: WatchConfig;
}

/** What came of a watch. */
export interface Tally {
  readonly restarts: number;
  readonly patches: number;
  readonly lastExitCode: number | null;
  readonly exitCode: number;
}

/** What the loop's parts share; `program` is absent while none runs. */
interface Loop {
  readonly work: WatchWork;
  readonly session: Session;
  readonly notices: Notices;
  readonly queue: ChangeQueue;
  readonly spared: Set<number>;
  program: Program | undefined;
  restarts: number;
  patches: number;
  lastExitCode: number | null;
}

/** Runs a program and follows its files until a signal ends both. Throws what the first start throws. */
export async function watchProgram(work: WatchWork, session: Session): Promise<Tally> {
  const { config } = work;
  const [notices, queue] = [await openNotices(session), changeQueue(session.signal)];
  const counts = { restarts: 0, patches: 0, lastExitCode: null };
  const loop: Loop = { work, session, notices, queue, spared: new Set(), program: undefined, ...counts };
  const watcher = watchFolders({
    ...config,
    patterns: matcher(config),
    open: (sight) => openBackend(sight, loop),
    onChanges: queue.push,
  });
  session.emit({ type: "WatchStart", paths: config.roots, backend: watcher.backend });
  notices.watching(config.roots, watcher.backend);
  try {
    await start(loop);
    while (await step(loop));
  } finally {
    watcher.stop();
    await loop.program?.stop();
  }
  const { reason } = session.signal;
  const { restarts, patches, lastExitCode } = loop;
  return { restarts, patches, lastExitCode, exitCode: reason instanceof Interrupted ? reason.exitCode : 0 };
}

/** Waits for the next thing to happen and deals with it; false when a signal came. */
async function step(loop: Loop): Promise<boolean> {
  const { program, queue, session } = loop;
  const end = program?.ended.then(
    (outcome) => ({ outcome }),
    (error: unknown) => ({ error }),
  );
  const happened = await Promise.race(end ? [end, queue.arrival()] : [queue.arrival()]);
  if (session.signal.aborted) return false;
  if (happened) await settle(happened, loop);
  else await follow(queue.take(), loop);
  return !session.signal.aborted;
}

/** A program has ended by itself. What can't be run at all is only waited for when it ran before. */
async function settle(end: { readonly outcome?: Outcome; readonly error?: unknown }, loop: Loop): Promise<void> {
  const { program, session, notices } = loop;
  loop.program = undefined;
  await program?.stop();
  if (end.error !== undefined) tellOrThrow(end.error, loop);
  loop.lastExitCode = end.outcome?.exitCode ?? null;
  if (end.outcome && !session.signal.aborted) notices.ended(end.outcome.exitCode);
}

function tellOrThrow(error: unknown, { restarts, session }: Loop): void {
  if (restarts === 0 || !(error instanceof PybunError)) throw error;
  session.emit({ type: "Diagnostic", diagnostic: diagnosticOf(error) });
}

/** Puts changes into the program, or starts it again. */
async function follow(first: readonly Change[], loop: Loop): Promise<void> {
  const { session, notices, queue, work } = loop;
  const startedAtMs = performance.now();
  let changes = first;
  session.emit({ type: "WatchChange", paths: pathsOf(changes) });
  if (!work.config.reloads) return notices.changed(changes);
  const answer = await answerTo(changes, loop);
  const took = { ...answer, durationMs: performance.now() - startedAtMs };
  if (answer.action === "restart" && work.config.restartAfterMs > work.config.debounceMs)
    changes = [...changes, ...(await queue.until(work.config.restartAfterMs - work.config.debounceMs))];
  removeStaleBytecode(changes);
  session.emit({
    type: "Reload",
    paths: pathsOf(changes),
    action: answer.action === "broken" ? "none" : answer.action,
    reason: [answer.reason, ...(answer.evidence ?? [])].join("; "),
    duration_ms: took.durationMs,
  });
  notices.reloaded(took, changes);
  if (answer.action === "patch" || answer.action === "reexec") loop.patches += 1;
  if (answer.action !== "restart" || session.signal.aborted) return;
  await loop.program?.stop();
  loop.restarts += 1;
  if (work.config.clears) notices.clear();
  await start(loop);
}

const pathsOf = (changes: readonly Change[]): readonly string[] => [...new Set(changes.map(({ path }) => path))];

/** The ladder's upper steps are the program's own; here is what only an onlooker can tell. */
async function answerTo(changes: readonly Change[], { program, work }: Loop): Promise<Answer> {
  if (program === undefined) return restart("");
  const pid = program.link?.pid();
  if (program.link === undefined || pid === undefined)
    return restart(work.config.isHot ? "the program has no part of PyBun in it" : "");
  const other = work.config.isHot ? pythonBelow(pid) : undefined;
  const answer = await program.link.offer(changes);
  if (answer.action !== "broken" && other)
    return restart(`process ${other.pid}, which the program started, may run the same code`);
  return answer;
}

async function start(loop: Loop): Promise<void> {
  const { work, session, spared } = loop;
  loop.program = undefined;
  try {
    loop.program = await beginProgram({ invocation: await work.next(), config: work.config, spared }, session);
  } catch (error) {
    if (!session.signal.aborted) tellOrThrow(error, loop);
  }
}

function openBackend(sight: Sight, { work, session, spared }: Loop): Backend {
  const onPolling = (reason: string): void =>
    session.emit({
      type: "Diagnostic",
      diagnostic: warning("W_WATCH_POLLING", `files are looked at every half second: ${reason}`),
    });
  if (work.config.backend !== "external") return nativeBackend(sight, onPolling);
  const backend = externalBackend(sight, onPolling);
  if (backend.pid !== undefined) spared.add(backend.pid);
  return backend;
}
