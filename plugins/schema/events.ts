import { type Static, type TObject, Type } from "@sinclair/typebox";
import type { EventOf, EventType } from "../../plugin-api/event.ts";
import { diagnostic } from "./diagnostic.ts";
import type { Frozen, Same } from "./same.ts";

const text = Type.String();
const count = Type.Integer({ minimum: 0 });
const status = Type.Union([Type.Literal("ok"), Type.Literal("error")]);
const reloadAction = Type.Union([
  Type.Literal("patch"),
  Type.Literal("reexec"),
  Type.Literal("restart"),
  Type.Literal("none"),
]);
const place = { path: text, source: text, version: text };
const cached = { cache: text, key: text, bytes: Type.Optional(count) };

/** Fields of every event type but `Report`, whose line in NDJSON is the envelope; `type`, `seq` and `timestamp` come on top. */
export const eventFields = {
  CommandStart: Type.Object({ command: text }),
  CommandEnd: Type.Object({ command: text, status, duration_ms: Type.Number() }),
  ResolveStart: Type.Object({ requirements: count }),
  ResolveProgress: Type.Object({ packages: count, name: text }),
  ResolveComplete: Type.Object({ packages: count, from_cache: Type.Boolean() }),
  DownloadStart: Type.Object({ name: text, version: text, file: text, total: Type.Optional(count) }),
  DownloadProgress: Type.Object({ name: text, file: text, bytes: count, total: Type.Optional(count) }),
  DownloadComplete: Type.Object({ name: text, version: text, file: text, bytes: count, cached: Type.Boolean() }),
  BuildStart: Type.Object({ package: text, backend: text }),
  BuildTask: Type.Object({ package: text, task: text }),
  BuildComplete: Type.Object({ package: text, cache: Type.Boolean() }),
  InstallStart: Type.Object({ packages: count }),
  InstallProgress: Type.Object({ name: text, done: count, total: count }),
  InstallComplete: Type.Object({ installed: count, removed: count, kept: count, link_mode: text }),
  EnvSelected: Type.Object(place),
  EnvCreated: Type.Object(place),
  PythonSelected: Type.Object(place),
  ScriptStart: Type.Object({ target: text, exec_mode: text }),
  ScriptEnd: Type.Object({ target: text, exec_mode: text, exit_code: Type.Integer() }),
  RunPhase: Type.Object({ phase: text, duration_ms: Type.Number() }),
  WatchStart: Type.Object({ paths: Type.Array(text), backend: text }),
  WatchChange: Type.Object({ paths: Type.Array(text) }),
  Reload: Type.Object({ paths: Type.Array(text), action: reloadAction, reason: text, duration_ms: Type.Number() }),
  CacheHit: Type.Object(cached),
  CacheMiss: Type.Object(cached),
  CacheEvict: Type.Object(cached),
  NetworkAccess: Type.Object({ url: text, op: text, status: Type.Integer(), duration_ms: Type.Number() }),
  Waiting: Type.Object({ reason: text }),
  Prompt: Type.Object({ question: text }),
  Artifact: Type.Object({ path: text, sha256: text, size: count }),
  Diagnostic: Type.Object({ diagnostic }),
} satisfies Record<Exclude<EventType, "Report">, TObject>;

type Fields = { [T in keyof typeof eventFields]: Frozen<Static<(typeof eventFields)[T]>> };
/** Events that are declared otherwise than their schema. A diagnostic is compared on its own: on the wire it has other names. */
type Disagreeing = {
  [T in Exclude<keyof Fields, "Diagnostic">]: Same<Fields[T], Omit<EventOf<T>, "type">> extends true ? never : T;
}[Exclude<keyof Fields, "Diagnostic">];
/** Does not compile when one disagrees; the message names it. */
export const eventsAgree: [Disagreeing] extends [never] ? true : Disagreeing = true;

/** One event as NDJSON and the envelope carry it. */
export const event = Type.Union(
  Object.entries(eventFields).map(([type, fields]) =>
    Type.Composite([
      Type.Object({
        type: Type.Literal(type),
        seq: Type.Integer({ minimum: 1 }),
        timestamp: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" }),
      }),
      fields,
    ]),
  ),
);
