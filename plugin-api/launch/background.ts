// Imported by the start of the executable: not even node:fs and node:path may be imported here.
// What is common to processes that wait in the background to be asked: fork servers and daemons.
import { placeUnder } from "./state.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** What the system's libraries read once, at the start of any process; those that end in `*` stand for all that begin so. */
export const AT_START: readonly string[] = [
  "LC_*",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TZDIR",
  "LD_*",
  "MALLOC_*",
  "GLIBC_TUNABLES",
];
/** Values of a variable that turn something off, in any case; so does an empty one. */
export const OFF: readonly string[] = ["off", "0", "false", "no"];

/** So long one is waited for that is about to answer. */
export const ANSWER_MS = 500;

/** Why nothing in the background is asked or started, as part of a sentence; undefined where it can be. `name`: the variable that forbids it. */
export function reasonAgainstBackground(name: string, env: Variables): string | undefined {
  if (process.platform !== "linux") return "there is one on Linux only";
  if (isOff(env[name])) return `${name} is off`;
  if (env["CI"] && !isOff(env["CI"])) return "CI is set";
  if (env["INVOCATION_ID"] && env["SYSTEMD_EXEC_PID"]) return "it is a service";
  return undefined;
}

const isOff = (value: string | undefined): boolean =>
  value !== undefined && (value === "" || OFF.includes(value.toLowerCase()));

/** What a process in the background is found by. */
export interface Found {
  /** Folder below the data directory. */
  readonly kind: "zygote" | "daemon";
  readonly words: readonly string[];
  /** As it has them. */
  readonly variables: Variables;
  /** Names of those it reads at its start, beside what all processes do; with `*` as there. */
  readonly atStart: readonly string[];
}

/** Folder of its sockets; undefined where the variables of the caller don't say where that is. */
export function backgroundFolder({ kind, words, variables, atStart }: Found, env: Variables): string | undefined {
  const ends = [...AT_START, ...atStart].map((name) => (name.endsWith("*") ? name.slice(0, -1) : `${name}$`));
  const isSettled = new RegExp(`^(?:${ends.join("|")})`);
  // The runtime knows of an empty TZ, and not that it is empty.
  const settled = Object.keys(variables).flatMap((name) =>
    isSettled.test(name) ? [`${name}=${variables[name] ?? ""}`] : [],
  );
  return placeUnder(kind, nameOf([...words, ...settled.sort()].join("\n")), env);
}

/** A name for a text, of 16 digits, that the start in C can work out as well: FNV-1a of 32 bits, from two beginnings. Pure. */
export function nameOf(text: string): string {
  let [low, high] = [0x811c9dc5, 0x050c5d1f];
  for (const byte of new TextEncoder().encode(text)) {
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x01000193);
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Name of the socket in that folder: one per terminal session, one for all that have no terminal. */
export const socketName = (session: number, hasTerminal: boolean): string => (hasTerminal ? `${session}` : "detached");

/** Variables as the system has them. */
export const namedValues = (variables: Variables): readonly string[] =>
  Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));

/** A list among the fields of a request: how many follow. */
export const counted = (list: readonly string[]): readonly string[] => [String(list.length), ...list];

/** A request: its length in 4 bytes, the lowest first, then fields between which there is a NUL. */
export function encodeRequest(fields: readonly string[]): Uint8Array {
  const body = new TextEncoder().encode(fields.join("\0"));
  const message = new Uint8Array(4 + body.length);
  new DataView(message.buffer).setUint32(0, body.length, true);
  message.set(body, 4);
  return message;
}
