import { type Static, Type } from "@sinclair/typebox";
import type { WireDiagnostic } from "../../plugin-api/envelope.ts";
import type { Frozen, Same } from "./same.ts";

const text = Type.String();
const texts = Type.Array(text);

/** TypeBox writes a tuple as drafts before 2020-12 had it. */
const range = Type.Unsafe<[number, number]>(
  Type.Array(Type.Integer(), { minItems: 2, maxItems: 2, description: "bytes to replace, end exclusive" }),
);
const fix = Type.Object({
  id: text,
  applicability: Type.Union([Type.Literal("machine"), Type.Literal("review"), Type.Literal("placeholder")]),
  command: Type.Array(text, { description: "argv; empty when the fix is made of edits" }),
  shell: Type.String({ description: "the same as one line for a shell" }),
  edits: Type.Array(
    Type.Object({
      file: text,
      range,
      sha256: Type.String({ description: "of the whole file before; with another one the edit is refused" }),
      new_text: text,
    }),
  ),
});

/** A finding as JSON carries it (SPEC DIA-01, DIA-02). */
export const diagnostic = Type.Object({
  level: Type.Union([Type.Literal("error"), Type.Literal("warning"), Type.Literal("info"), Type.Literal("hint")]),
  code: Type.String({ description: "`pybun explain CODE` tells more" }),
  message: text,
  file: Type.Optional(text),
  line: Type.Optional(Type.Integer({ minimum: 1 })),
  column: Type.Optional(Type.Integer({ minimum: 0 })),
  suggestion: Type.Union([text, Type.Null()], { description: "a command that repairs it" }),
  hints: texts,
  causes: Type.Array(text, { description: "outermost first" }),
  evidence: Type.Optional(texts),
  context: Type.Record(text, Type.Unknown()),
  fixes: Type.Array(fix),
  phase: Type.Optional(Type.String({ description: "stage during which it arose" })),
  plugin: Type.Optional(text),
  retryable: Type.Optional(Type.Boolean()),
});

/** Does not compile when the schema and the wire form part. */
export const diagnosticAgrees: Same<Frozen<Static<typeof diagnostic>>, WireDiagnostic> = true;
