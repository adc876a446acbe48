import type { Diagnostic } from "./diagnostic.ts";
import type { Report } from "./report.ts";

/**
 * Everything that happens while a command runs, in the words of SPEC EVT-01 to EVT-15. Observers (text, JSON, NDJSON,
 * progress, log) see all of it in order; `seq` and `timestamp` are added when an event is emitted.
 */
export type Event =
  | { readonly type: "CommandStart"; readonly command: string }
  | {
      readonly type: "CommandEnd";
      readonly command: string;
      readonly status: "ok" | "error";
      readonly duration_ms: number;
    }
  | { readonly type: "ResolveStart"; readonly requirements: number }
  | { readonly type: "ResolveProgress"; readonly packages: number; readonly name: string }
  | { readonly type: "ResolveComplete"; readonly packages: number; readonly from_cache: boolean }
  | {
      readonly type: "DownloadStart";
      readonly name: string;
      readonly version: string;
      readonly file: string;
      readonly total?: number;
    }
  | {
      readonly type: "DownloadProgress";
      readonly name: string;
      readonly file: string;
      readonly bytes: number;
      readonly total?: number;
    }
  | {
      readonly type: "DownloadComplete";
      readonly name: string;
      readonly version: string;
      readonly file: string;
      readonly bytes: number;
      readonly cached: boolean;
    }
  | { readonly type: "BuildStart"; readonly package: string; readonly backend: string }
  | { readonly type: "BuildTask"; readonly package: string; readonly task: string }
  | { readonly type: "BuildComplete"; readonly package: string; readonly cache: boolean }
  | { readonly type: "InstallStart"; readonly packages: number }
  | { readonly type: "InstallProgress"; readonly name: string; readonly done: number; readonly total: number }
  | {
      readonly type: "InstallComplete";
      readonly installed: number;
      readonly removed: number;
      readonly kept: number;
      readonly link_mode: string;
    }
  | {
      readonly type: "EnvSelected" | "EnvCreated";
      readonly path: string;
      readonly source: string;
      readonly version: string;
    }
  | { readonly type: "PythonSelected"; readonly path: string; readonly source: string; readonly version: string }
  | { readonly type: "ScriptStart"; readonly target: string; readonly exec_mode: string }
  | { readonly type: "ScriptEnd"; readonly target: string; readonly exec_mode: string; readonly exit_code: number }
  /** One phase of a run that was measured. */
  | { readonly type: "RunPhase"; readonly phase: string; readonly duration_ms: number }
  /** Folders and files are watched from now on. */
  | { readonly type: "WatchStart"; readonly paths: readonly string[]; readonly backend: string }
  /** One or several saves that belong together; paths are absolute. */
  | { readonly type: "WatchChange"; readonly paths: readonly string[] }
  /** What was done about them; `none`: the program runs on as it was. */
  | {
      readonly type: "Reload";
      readonly paths: readonly string[];
      readonly action: "patch" | "reexec" | "restart" | "none";
      readonly reason: string;
      readonly duration_ms: number;
    }
  | {
      readonly type: "CacheHit" | "CacheMiss" | "CacheEvict";
      readonly cache: string;
      readonly key: string;
      readonly bytes?: number;
    }
  | {
      readonly type: "NetworkAccess";
      readonly url: string;
      readonly op: string;
      readonly status: number;
      readonly duration_ms: number;
    }
  /** `reason` says what for: `for pybun add (pid 4711) to release the environment`. */
  | { readonly type: "Waiting"; readonly reason: string }
  /** A person is about to be asked; whoever draws makes way until the next event. */
  | { readonly type: "Prompt"; readonly question: string }
  | { readonly type: "Artifact"; readonly path: string; readonly sha256: string; readonly size: number }
  | { readonly type: "Diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly type: "Report"; readonly report: Report; readonly envelope: Envelope };

export type EventType = Event["type"];

type Having<E, T> = E extends { readonly type: infer U } ? (T extends U ? E : never) : never;
/** The event of a type, also where several types share one declaration. */
export type EventOf<T extends EventType> = Having<Event, T>;

/** An event as observers receive it: `seq` rises strictly from 1, `timestamp` is RFC 3339 UTC with milliseconds. */
export type Stamped<E extends Event = Event> = E & { readonly seq: number; readonly timestamp: string };

/** The one JSON object a command ends with (SPEC 1.6, JSN-01 to JSN-12). Field names are the wire format. */
export interface Envelope {
  readonly version: "1";
  readonly command: string;
  readonly status: "ok" | "error";
  readonly exit_code: number;
  readonly duration_ms: number;
  readonly run_id: string;
  readonly trace_id?: string;
  readonly error_type?: string;
  readonly context?: string;
  readonly fix_suggestion?: string | null;
  readonly module?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly events: readonly unknown[];
  readonly diagnostics: readonly unknown[];
  readonly next_actions: readonly NextAction[];
  readonly pybun: { readonly version: string; readonly runtime: string; readonly platform: string };
}

/** A suggested follow-up: `command` is an argv array, `why` one short clause. */
export interface NextAction {
  readonly command: readonly string[];
  readonly why: string;
}
