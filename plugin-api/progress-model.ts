import type { Event, EventOf, EventType } from "./event.ts";

/** What is going on, in the order in which it usually begins. */
export const PHASES = ["resolve", "download", "build", "install", "wait"] as const;
export type Phase = (typeof PHASES)[number];

/** Of several at once the last of these is shown: what is downloaded ahead while versions are chosen is not what one waits for. */
const SHOWN: readonly Phase[] = ["download", "resolve", "build", "install", "wait"];

/** One thing under way, such as a file that is downloaded. */
export interface ProgressItem {
  readonly label: string;
  readonly doneBytes: number;
  /** Undefined while unknown. */
  readonly totalBytes: number | undefined;
  readonly startedAtMs: number;
}

/** The course of one phase. */
export interface Track {
  readonly startedAtMs: number;
  readonly done: number;
  /** Undefined where nobody knows how many there will be. */
  readonly total: number | undefined;
  /** Bytes of the items that are complete. */
  readonly finishedBytes: number;
  /** Those of them that came over the network. */
  readonly fetchedBytes: number;
  /** What is being worked on, in the words of the phase line. */
  readonly item: string;
  /** Under way, by file or package. */
  readonly items: ReadonlyMap<string, ProgressItem>;
  readonly isOpen: boolean;
}

/** The course of a command in numbers (SPEC PRG-02): what every drawing, plain or moving, is made from. */
export type Progress = Readonly<Partial<Record<Phase, Track>>> & {
  /** The phase to show; undefined while there is none. */
  readonly phase?: Phase;
};

/** Nothing has happened yet. */
export const IDLE: Progress = Object.freeze({});

type Step<T extends EventType> = (model: Progress, event: EventOf<T>, nowMs: number) => Progress;

const opened = (nowMs: number, more: Partial<Track> = {}): Track => ({
  startedAtMs: nowMs,
  done: 0,
  total: undefined,
  finishedBytes: 0,
  fetchedBytes: 0,
  item: "",
  items: new Map(),
  isOpen: true,
  ...more,
});

/** Puts a track in and chooses what is shown: the last open phase, else the one just touched. */
function put(model: Progress, phase: Phase, track: Track): Progress {
  const next = { ...model, [phase]: track };
  return { ...next, phase: SHOWN.findLast((name) => next[name]?.isOpen) ?? phase };
}

/** A step that changes an open track; late events of a phase that has ended change nothing. */
const within =
  <T extends EventType>(
    phase: Phase,
    step: (track: Track, event: EventOf<T>, nowMs: number) => Partial<Track>,
  ): Step<T> =>
  (model, event, nowMs) => {
    const track = model[phase];
    return track?.isOpen ? put(model, phase, { ...track, ...step(track, event, nowMs) }) : model;
  };

/** Adds an item to a phase of many parallel items; a phase all of whose items were complete goes on. */
function join(model: Progress, phase: Phase, [key, item]: readonly [string, ProgressItem]): Progress {
  const track = model[phase] ?? opened(item.startedAtMs, { total: 0 });
  const items = new Map(track.items).set(key, item);
  return put(model, phase, { ...track, total: (track.total ?? 0) + 1, item: item.label, items, isOpen: true });
}

function leave(track: Track, key: string, bytes = 0): Partial<Track> {
  const items = new Map(track.items);
  if (!items.delete(key)) return {};
  const item = [...items.values()].at(-1)?.label ?? track.item;
  return { done: track.done + 1, finishedBytes: track.finishedBytes + bytes, item, items, isOpen: items.size > 0 };
}

const downloadProgress = within<"DownloadProgress">("download", (track, { file, bytes, total }) => {
  const item = track.items.get(file);
  if (!item) return {};
  const grown = { ...item, doneBytes: bytes, totalBytes: item.totalBytes ?? total };
  return { item: item.label, items: new Map(track.items).set(file, grown) };
});

/** A wait ends with the next thing that happens. */
function unwaited(model: Progress): Progress {
  const { wait, phase: _, ...rest } = model;
  const phase = SHOWN.findLast((name) => rest[name as "resolve"]?.isOpen);
  return wait ? { ...rest, ...(phase && { phase }) } : model;
}

const idle = (): Progress => IDLE;

/**
 * Every event type and what it does to the model; `silent` ones do nothing (SPEC EVT-15). A new event type without an
 * entry does not compile.
 */
export const PROGRESS_STEPS: { readonly [T in EventType]: Step<T> | "silent" } = {
  CommandStart: "silent",
  CommandEnd: idle,
  ResolveStart: (model, _event, nowMs) => put(model, "resolve", opened(nowMs)),
  ResolveProgress: within("resolve", (_track, { packages, name }) => ({ done: packages, item: `reading ${name}` })),
  ResolveComplete: within("resolve", (_track, { packages }) => ({ done: packages, isOpen: false })),
  DownloadStart: (model, { name, version, file, total }, nowMs) => {
    const item = { label: `${name} ${version}`.trim(), doneBytes: 0, totalBytes: total, startedAtMs: nowMs };
    return join(model, "download", [file, item]);
  },
  DownloadProgress: downloadProgress,
  DownloadComplete: within("download", (track, { file, bytes, cached }) => ({
    ...leave(track, file, bytes),
    fetchedBytes: track.fetchedBytes + (cached || !track.items.has(file) ? 0 : bytes),
  })),
  BuildStart: (model, event, nowMs) => {
    const label = `${event.package} with ${event.backend}`;
    return join(model, "build", [event.package, { label, doneBytes: 0, totalBytes: undefined, startedAtMs: nowMs }]);
  },
  BuildTask: within("build", (_track, event) => ({ item: `${event.package}, ${event.task}` })),
  BuildComplete: within("build", (track, event) => leave(track, event.package)),
  InstallStart: (model, { packages }, nowMs) => put(model, "install", opened(nowMs, { total: packages })),
  InstallProgress: within("install", (_track, { done, total, name }) => ({ done, total, item: name })),
  InstallComplete: within("install", () => ({ isOpen: false })),
  EnvSelected: "silent",
  EnvCreated: "silent",
  PythonSelected: "silent",
  ScriptStart: idle,
  ScriptEnd: "silent",
  RunPhase: "silent",
  WatchStart: "silent",
  WatchChange: "silent",
  Reload: "silent",
  CacheHit: "silent",
  CacheMiss: "silent",
  CacheEvict: "silent",
  NetworkAccess: "silent",
  Waiting: (model, { reason }, nowMs) => put(model, "wait", opened(nowMs, { item: reason })),
  Prompt: "silent",
  Artifact: "silent",
  Diagnostic: "silent",
  Report: idle,
};

/** The model after an event. Pure; `nowMs` is any clock that runs forward. */
export function advance(model: Progress, event: Event, nowMs: number): Progress {
  const step = PROGRESS_STEPS[event.type];
  if (step === "silent") return model;
  return step(event.type === "Waiting" ? model : unwaited(model), event as never, nowMs);
}

/** Bytes of a track: complete and under way; the total is undefined while one size is unknown. */
export function bytesOf(track: Track): { readonly done: number; readonly total: number | undefined } {
  let done = track.finishedBytes;
  let total: number | undefined = track.finishedBytes;
  for (const item of track.items.values()) {
    done += item.doneBytes;
    total = total === undefined || item.totalBytes === undefined ? undefined : total + item.totalBytes;
  }
  return { done, total };
}

/** Bytes per second from the network since the phase began; 0 in its first moment. */
export function bytesPerSecond(track: Track, nowMs: number): number {
  let fetched = track.fetchedBytes;
  for (const item of track.items.values()) fetched += item.doneBytes;
  const ms = nowMs - track.startedAtMs;
  return ms < 50 ? 0 : (fetched * 1000) / ms;
}
