import { type Static, Type } from "@sinclair/typebox";
import type { Envelope } from "../../plugin-api/event.ts";
import { diagnostic } from "./diagnostic.ts";
import { event } from "./events.ts";
import type { Frozen, Same } from "./same.ts";

const text = Type.String();

/** The one JSON object every command ends with (SPEC JSN-01 to JSN-12). Unknown fields are additive, so none is forbidden. */
export const envelope = Type.Object({
  version: Type.Literal("1"),
  command: Type.String({ description: "full command path, such as `pybun python list`" }),
  status: Type.Union([Type.Literal("ok"), Type.Literal("error")]),
  exit_code: Type.Integer(),
  duration_ms: Type.Number({ minimum: 0 }),
  run_id: text,
  trace_id: Type.Optional(Type.String({ description: "only with --trace" })),
  error_type: Type.Optional(Type.String({ description: "class of error, when status is error" })),
  context: Type.Optional(Type.String({ description: "cause in one sentence, with file and line" })),
  fix_suggestion: Type.Optional(Type.Union([text, Type.Null()], { description: "command that repairs it" })),
  module: Type.Optional(Type.String({ description: "for import errors" })),
  data: Type.Record(text, Type.Unknown(), { description: "result of the command" }),
  diagnostics: Type.Array(diagnostic),
  next_actions: Type.Array(Type.Object({ command: Type.Array(text), shell: text, why: text })),
  events: Type.Array(event),
  pybun: Type.Object({ version: text, runtime: text, platform: text }),
});

type Outline = Omit<Frozen<Static<typeof envelope>>, "events" | "diagnostics" | "next_actions">;
/** Does not compile when the schema and the declared type part. Lists are declared by their own schemas. */
export const envelopeAgrees: Same<Outline, Omit<Envelope, "events" | "diagnostics" | "next_actions">> = true;
