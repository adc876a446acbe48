import os from "node:os";
import { ahead } from "../../plugin-api/system/afterwards.ts";
import { linkFolders } from "./link-folders.ts";
import { type Linking, linkNames, linkPairs } from "./native.ts";

/** Some of the files that are linked from one folder to another. */
export interface Chunk extends Linking {
  /** As `linkNames` takes them, or `linkPairs`; or of folders, each of which is made with all that is in it. */
  readonly names: string;
  readonly isPairs?: true;
  readonly areFolders?: true;
}

/** What threads share that link the same chunks: each takes the next one. */
export interface Sharing {
  readonly chunks: readonly Chunk[];
  readonly state: Int32Array<SharedArrayBuffer>;
}
const NEXT = 0;
const BUSY = 1;
const FAILED = 2;

/** Some hundred names: a millisecond or two. */
const CHUNK_LETTERS = 16_384;
/** One chunk, on the slowest of disks. */
const LONGEST_MS = 60_000;

export function chunksOf(names: string, linking: Omit<Chunk, "names">): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < names.length; ) {
    const end = linking.isPairs ? pastPairs(names, at) : names.indexOf("\n", at + CHUNK_LETTERS) + 1 || names.length;
    chunks.push({ ...linking, names: names.slice(at, end) });
    at = end;
  }
  return chunks;
}

function pastPairs(names: string, start: number): number {
  let at = start;
  while (at < names.length && at - start < CHUNK_LETTERS) at = names.indexOf("\n", names.indexOf("\n", at) + 1) + 1;
  return at;
}

/** In the executable this module lies at the top, merged with others, and the thread's entry keeps its path. */
const isMerged = !import.meta.url.endsWith("/link-chunks.ts");
const THREAD = new URL(isMerged ? "./plugins/linker/link-thread.js" : "./link-thread.ts", import.meta.url);

/** A second thread that links. To start one takes longer than it saves, so there is one only where it waits for the next command. */
let helper: Worker | undefined;

function hireHelper(): void {
  if (helper !== undefined || os.availableParallelism() < 2) return;
  helper = new Worker(THREAD.href);
  (helper as unknown as { unref(): void }).unref();
  // What it can't do is done without it.
  helper.addEventListener("error", (event) => event.preventDefault());
}

/** Links all chunks, and does what else there is to do `meanwhile`. False where a file could not be linked; others were. */
export function linkChunks(chunks: readonly Chunk[], meanwhile?: () => void): boolean {
  const state = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const sharing = { chunks, state };
  if (chunks.length > 1) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
    helper?.postMessage(sharing);
    ahead(hireHelper);
  }
  try {
    meanwhile?.();
    takeChunks(sharing);
  } catch (error) {
    Atomics.store(state, FAILED, 1);
    areAllIdle(state);
    throw error;
  }
  return areAllIdle(state) && Atomics.load(state, FAILED) === 0;
}

function areAllIdle(state: Sharing["state"]): boolean {
  for (let busy = Atomics.load(state, BUSY); busy > 0; busy = Atomics.load(state, BUSY))
    if (Atomics.wait(state, BUSY, busy, LONGEST_MS) === "timed-out") return false;
  return true;
}

/** Links one chunk after the other, until none is left or one has failed. */
export function takeChunks({ chunks, state }: Sharing): void {
  for (let isMore = true; isMore; ) {
    // First, so that nobody who finds no chunk left takes this thread for idle.
    Atomics.add(state, BUSY, 1);
    const chunk = Atomics.load(state, FAILED) === 0 ? chunks[Atomics.add(state, NEXT, 1)] : undefined;
    if (chunk && !isLinked(chunk)) Atomics.store(state, FAILED, 1);
    isMore = chunk !== undefined;
    Atomics.sub(state, BUSY, 1);
    Atomics.notify(state, BUSY);
  }
}

function isLinked({ names, isPairs, areFolders, ...linking }: Chunk): boolean {
  if (areFolders) return linkFolders(names, linking);
  return isPairs ? linkPairs(names, linking) : linkNames(names, linking);
}
