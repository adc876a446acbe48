import { COMMON, type Random, randomOf } from "./mutate.ts";
import type { Subject } from "./subject.ts";

/** What became of many changed files. */
export interface Tally {
  readonly read: number;
  readonly refused: number;
  /** One line each, with the number that makes the case again. */
  readonly faults: readonly string[];
  readonly slowestMs: number;
}

const SLOW_MS = 2000;
/** Bytes around the file in memory: an answer that depends on them comes from outside of the file. */
const AROUND = 4096;

/** Runs cases `first` to `first + count - 1`; a case is its number. */
export function tally(subject: Subject, first: number, count: number): Tally {
  const faults: string[] = [];
  let read = 0;
  let refused = 0;
  let slowestMs = 0;
  for (let number = first; number < first + count; number++) {
    const bytes = changed(subject, randomOf(number));
    const startedAt = performance.now();
    const outcome = attempt(subject, bytes, 0x00);
    const tookMs = performance.now() - startedAt;
    slowestMs = Math.max(slowestMs, tookMs);
    if (outcome.kind === "read") read++;
    if (outcome.kind === "refused") refused++;
    const fault = faultOf(outcome, attempt(subject, bytes, 0xff), tookMs);
    if (fault !== undefined && faults.length < 10) faults.push(`${subject.name}, case ${number}: ${fault}`);
  }
  return { read, refused, faults, slowestMs };
}

/** The file of one case. */
export function changed(subject: Subject, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(random.pick(subject.samples));
  const mutations = [...COMMON, ...subject.mutations, ...subject.mutations];
  for (let left = random.pick([1, 1, 1, 2, 3, 4]); left > 0; left--) bytes = random.pick(mutations)(bytes, random);
  return subject.finish ? subject.finish(bytes, random) : bytes;
}

interface Outcome {
  readonly kind: "read" | "refused" | "crashed";
  /** What was read, or the error, as text. */
  readonly text: string;
}

function attempt(subject: Subject, bytes: Uint8Array, around: number): Outcome {
  const memory = new Uint8Array(bytes.length + 2 * AROUND).fill(around);
  memory.set(bytes, AROUND);
  try {
    const value = subject.read(memory.subarray(AROUND, AROUND + bytes.length));
    return { kind: "read", text: JSON.stringify(value) ?? "" };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error);
    if (!subject.isRefusal(error)) return { kind: "crashed", text };
    return { kind: "refused", text: error instanceof Error ? error.message : text };
  }
}

function faultOf(outcome: Outcome, again: Outcome, tookMs: number): string | undefined {
  if (outcome.kind === "crashed") return `no refusal but ${outcome.text}`;
  if (outcome.kind !== again.kind || outcome.text !== again.text)
    return `what lies behind the file changes the answer: ${outcome.text.slice(0, 200)} / ${again.text.slice(0, 200)}`;
  return tookMs > SLOW_MS ? `took ${Math.round(tookMs)} ms` : undefined;
}
