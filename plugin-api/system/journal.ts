import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../error.ts";
import { randomName, sha256Of } from "../hash/native.ts";
import { syncFolder, writeAtomically } from "./atomic-file.ts";
import { keptByState } from "./settled-state.ts";

/**
 * One step of a change that takes effect as a whole: `from` takes the place of whatever is at `to`; without `from`, what is at
 * `to` goes away. `from` is relative to the work folder, `to` to the folder that holds it, so that both may be moved together.
 */
export interface Move {
  readonly to: string;
  readonly from?: string;
  /** SHA-256 of the file at `to`, empty for none: somebody's own file, which is not replaced when it is not that any more. */
  readonly was?: string;
}

/** All moves of a change, in order, and what the caller needs to round it off. `note` is JSON data. */
export interface Change {
  readonly moves: readonly Move[];
  readonly note?: unknown;
  /** A folder that its owner removes in the end: what the change has replaced goes there, where it has not to be waited for. */
  readonly aside?: string | undefined;
}

/** Rounds a change off when its moves are done. May be called more than once for one change. */
export type Finish = (note: unknown) => void;

type Step = Putting | Dropping;
interface Putting {
  readonly kind: "put" | "swap";
  readonly to: string;
  readonly from: string;
  readonly was?: string;
}
interface Dropping {
  readonly kind: "drop";
  readonly to: string;
}
interface Journal {
  readonly steps: readonly Step[];
  readonly note?: unknown;
}

const JOURNAL = "journal.json";
/** Folder for what is put aside. */
const OLD = "old";
/** Stands in a staged folder until it has changed places with the one it replaces. */
const SWAP_MARK = ".pybun-swap";

/**
 * Carries a staged change out. `work` holds everything staged, on the file system of all targets; it is removed at the end.
 * Once this function has written its journal the change will be carried out, if need be by `recoverMoves` after a crash;
 * before that, nothing outside of `work` is touched. A folder that replaces a folder does so in one instant where the
 * system can exchange paths. Throws system errors; if the very first step fails, nothing was changed; and `E_PROJECT_CHANGED`
 * when a file is not what it `was`. Gives the folder in which what was replaced lies aside now, each under the number of its move;
 * undefined where it was removed.
 */
export async function commitMoves(
  work: string,
  { moves, note, aside }: Change,
  finish: Finish,
): Promise<string | undefined> {
  const { syncFileSystem } = await nativeCalls();
  for (const { to, was } of moves) if (was !== undefined) refuseChanged(path.join(path.dirname(work), to), was);
  const journal: Journal = { steps: moves.map((move) => prepare(work, move)), note };
  fs.mkdirSync(path.join(work, OLD), { recursive: true });
  syncFileSystem(work);
  writeAtomically(path.join(work, JOURNAL), JSON.stringify(journal), { isDurable: true });
  if (isOvertaken(work, journal)) {
    giveUp(work);
    throw changed(path.join(path.dirname(work), journal.steps[0]?.to ?? ""));
  }
  const [first] = journal.steps;
  try {
    if (first) await carryOut(work, first, 0);
  } catch (error) {
    if (first && isUntouched(work, first)) fs.rmSync(path.join(work, JOURNAL));
    throw error;
  }
  return complete(work, journal, { finish, aside });
}

/**
 * Completes the change that a crash left in `work`, or removes what is there of one that had not begun. False when there was
 * nothing. The caller holds the lock under which `work` is used.
 */
export async function recoverMoves(work: string, finish: Finish): Promise<boolean> {
  if (!exists(work)) return false;
  const text = readJournal(work);
  const journal = text === undefined ? undefined : (JSON.parse(text) as Journal);
  if (journal === undefined) fs.rmSync(work, { recursive: true, force: true });
  else if (isOvertaken(work, journal)) giveUp(work);
  else await complete(work, journal, { finish });
  return true;
}

/** Nothing of the change was done yet, and what it begins with was changed by somebody since: theirs holds. */
function isOvertaken(work: string, { steps: [first] }: Journal): boolean {
  return first?.kind === "put" && isUntouched(work, first) && isOthers(work, first);
}

function giveUp(work: string): void {
  fs.rmSync(path.join(work, JOURNAL));
  fs.rmSync(work, { recursive: true, force: true });
}

const isOthers = (work: string, { to, was }: Putting): boolean =>
  was !== undefined && digestOf(path.join(path.dirname(work), to)) !== was;

/** What a `Move` says of a file that is there now: its SHA-256, empty where there is none. */
export function digestOf(file: string): string {
  try {
    return digestOfContent(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** A lock has hundreds of kilobytes, and is asked for several times. */
const digestOfContent = keptByState(8, (file) => sha256Of(fs.readFileSync(file)));

/** Throws `E_PROJECT_CHANGED` when a file is not what `digestOf` said it was. */
export function refuseChanged(file: string, was: string): void {
  if (digestOf(file) !== was) throw changed(file);
}

const changed = (file: string): PybunError =>
  new PybunError("E_PROJECT_CHANGED", `${path.basename(file)} was changed by somebody else meanwhile`, {
    evidence: ["nothing was changed"],
    file,
    context: { path: file },
    isRetryable: true,
  });

/** Whether a change in `work` has begun and is not complete: what it changes is not to be read now. */
export const isChanging = (work: string): boolean => fs.existsSync(path.join(work, JOURNAL));

function readJournal(work: string): string | undefined {
  try {
    return fs.readFileSync(path.join(work, JOURNAL), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function prepare(work: string, { from, to, was }: Move): Step {
  if (from === undefined) return { kind: "drop", to };
  if (was !== undefined) return { kind: "put", from, to, was };
  const isSwap = isFolder(path.join(work, from)) && isFolder(path.join(path.dirname(work), to));
  if (isSwap) fs.writeFileSync(path.join(work, from, SWAP_MARK), "");
  return { kind: isSwap ? "swap" : "put", from, to };
}

interface Completing extends Pick<Change, "aside"> {
  readonly finish: Finish;
}

async function complete(
  work: string,
  { steps, note }: Journal,
  { finish, aside }: Completing,
): Promise<string | undefined> {
  fs.mkdirSync(path.join(work, OLD), { recursive: true });
  for (const [index, step] of steps.entries()) await carryOut(work, step, index);
  finish(note);
  syncFolder(path.dirname(work));
  fs.rmSync(path.join(work, JOURNAL));
  const place = aside && path.join(aside, randomName(8));
  if (place && isRenamed(work, place)) return path.join(place, OLD);
  fs.rmSync(work, { recursive: true, force: true });
  return undefined;
}

/** False where it is not as simple as that: a folder is in the way, one is missing, or it is another file system. */
function isRenamed(file: string, place: string): boolean {
  try {
    fs.renameSync(file, place);
    return true;
  } catch {
    return false;
  }
}

/** What a step has done is told by what is where, so that any of its calls may have been the last before a crash. */
async function carryOut(work: string, step: Step, index: number): Promise<void> {
  const target = path.join(path.dirname(work), step.to);
  const aside = path.join(work, OLD, String(index));
  if (step.kind === "drop") {
    if (!exists(aside)) putAside(target, aside);
    return;
  }
  const staged = path.join(work, step.from);
  if (step.kind === "swap") await swap(staged, target, aside);
  else if (step.was === undefined || !exists(staged) || !isOthers(work, step)) put(staged, target, aside);
}

function put(staged: string, target: string, aside: string): void {
  if (isRenamed(staged, target) || !exists(staged)) return;
  // A file or link takes the place of another one in one instant.
  if (isFolder(target) || isFolder(staged)) putAside(target, aside);
  moveTo(staged, target);
}

async function swap(staged: string, target: string, aside: string): Promise<void> {
  const { exchange } = await nativeCalls();
  if (exists(path.join(staged, SWAP_MARK)) && !exchange(staged, target)) {
    putAside(target, aside);
    moveTo(staged, target);
  }
  // The mark has gone to the target, so this is the old folder.
  putAside(staged, aside);
  fs.rmSync(path.join(target, SWAP_MARK), { force: true });
}

/** Another thing may stand there since the crash: what was put aside then is kept from it. */
function putAside(file: string, aside: string): void {
  if (exists(file)) fs.renameSync(file, exists(aside) ? `${aside}+` : aside);
}

function moveTo(staged: string, target: string): void {
  try {
    fs.renameSync(staged, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.renameSync(staged, target);
  }
}

function isUntouched(work: string, step: Step): boolean {
  if (exists(path.join(work, OLD, "0"))) return false;
  if (step.kind === "drop") return true;
  return exists(path.join(work, step.from, step.kind === "swap" ? SWAP_MARK : ""));
}

const exists = (file: string): boolean => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
const isFolder = (file: string): boolean => fs.lstatSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

/** Loaded only when something is changed. */
const nativeCalls = () => import("./native.ts");
