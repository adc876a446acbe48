import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { warning } from "../../plugin-api/diagnostic.ts";
import { buildEnvelope, type Ending } from "../../plugin-api/envelope.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Event } from "../../plugin-api/event.ts";
import { serialise } from "../../plugin-api/serialise.ts";
import { catalogueOf, plainStyle, sessionOf } from "../../test/harness/plugin-session.ts";
import { validateEnvelope } from "../../test/harness/validate-envelope.ts";
import check, { changesSince } from "./check.ts";
import { breakingChanges, type JsonSchema } from "./compare.ts";
import { documentFor, documentsOf } from "./documents.ts";
import frozen from "./frozen.json" with { type: "json" };
import schema from "./index.ts";
import print from "./print.ts";

const catalogue = catalogueOf([schema]);
const documents = documentsOf(catalogue);
const session = sessionOf(catalogue);

test("today's schemas keep what is frozen", () => {
  assert.equal(changesSince(frozen as never, documents), []);
  assert.ok(Object.keys(frozen.envelope.properties).length > 10, "the frozen copy is not empty");
});

const stamp = (events: readonly Event[]) =>
  events.map((event, index) => ({ ...event, seq: index + 1, timestamp: "2026-01-02T03:04:05.678Z" }));
const ending = (more: Partial<Ending>): Ending => ({
  command: "pybun sync",
  exitCode: 0,
  events: [],
  startedAtMs: 0,
  nowMs: 5,
  runId: "r-1",
  product: { version: "1.0.0" },
  ...more,
});
const fix = {
  id: "a",
  applicability: "review",
  command: ["pybun", "sync"],
  edits: [{ file: "f", range: [0, 1], sha256: "0", newText: "" }],
} as const;
const failure = new PybunError("E_CONFIG_INVALID", "no", {
  file: "a.toml",
  line: 1,
  column: 0,
  fixes: [fix],
  isRetryable: true,
});
const endings: Readonly<Record<string, Ending>> = {
  success: ending({ report: { exitCode: 0, data: { n: 1 }, nextActions: [{ command: ["pybun"], why: "next" }] } }),
  failure: ending({ exitCode: 3, error: failure, traceId: "t" }),
  interruption: ending({ exitCode: 130, isInterrupted: true }),
  events: ending({
    events: stamp([
      { type: "DownloadStart", name: "a", version: "1", file: "a.whl" },
      { type: "Diagnostic", diagnostic: warning("W_A", "a") },
      { type: "InstallComplete", installed: 1, removed: 0, kept: 0, link_mode: "tree" },
      { type: "CacheHit", cache: "index", key: "a" },
      { type: "CommandEnd", command: "pybun sync", status: "ok", duration_ms: 1.5 },
    ]),
  }),
};
for (const [name, end] of Object.entries(endings))
  test(`the envelope of a ${name} is valid`, () => {
    assert.equal(validateEnvelope(JSON.parse(serialise(buildEnvelope(end)))), []);
  });

test("what is not valid is told with its place", () => {
  const valid = JSON.parse(serialise(buildEnvelope(endings["events"] as Ending))) as Record<string, unknown>;
  const problems = (change: object) => validateEnvelope({ ...valid, ...change }).join("\n");
  assert.match(problems({ exit_code: "0" }), "/exit_code must be integer");
  assert.match(problems({ run_id: undefined }), "must have required property 'run_id'");
  assert.match(problems({ events: [{ type: "Unheard" }] }), "/events/0");
  assert.is(problems({ another: 1 }), "", "unknown fields are additive");
  const data: JsonSchema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
  assert.equal(validateEnvelope(valid, data), ["/data must have required property 'n'"]);
});

test("every document is a schema of the draft it names", async () => {
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  for (const type of ["envelope", "event", "diagnostic", "data"] as const)
    new Ajv2020({ strict: false }).compile(documentFor(documents, type, "schema check"));
});

const object = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema => ({
  type: "object",
  properties,
  required,
});
const text: JsonSchema = { type: "string" };
const changes: readonly (readonly [name: string, before: JsonSchema, after: JsonSchema, found: readonly string[]])[] = [
  ["a field more", object({ a: text }), object({ a: text, b: text }), []],
  ["a field less", object({ a: text, b: text }), object({ a: text }), ["b removed"]],
  ["another type", object({ a: text }), object({ a: { type: "integer" } }), ["a retyped from string to integer"]],
  [
    "a type more",
    object({ a: text }),
    object({ a: { anyOf: [text, { type: "null" }] } }),
    ["a retyped from string to null|string"],
  ],
  ["a value more", { enum: ["x"] }, { enum: ["x", "y"] }, []],
  ["a value less", object({ a: { enum: ["x", "y"] } }), object({ a: { enum: ["x"] } }), ['a value "y" removed']],
  [
    "a constant of a union less",
    { anyOf: [{ const: "x" }, { const: "y" }] },
    { const: "x" },
    ['(root) value "y" removed'],
  ],
  ["no longer sure", object({ a: text }, ["a"]), object({ a: text }), ["a no longer required"]],
  ["newly sure", object({ a: text }), object({ a: text }, ["a"]), ["a newly required"]],
  [
    "deep inside",
    object({ a: { type: "array", items: object({ b: text }) } }),
    object({ a: { type: "array", items: object({}) } }),
    ["a[].b removed"],
  ],
  [
    "a variant less, a field of another one",
    { anyOf: [object({ type: { const: "A" } }), object({ type: { const: "B" }, n: text })] },
    { anyOf: [object({ type: { const: "B" } }), object({ type: { const: "C" } })] },
    ["A removed", "B.n removed"],
  ],
];
for (const [name, before, after, found] of changes)
  test(`breaking changes: ${name}`, () => {
    assert.equal(
      breakingChanges(before, after).map(({ path, change }) => `${path} ${change}`),
      found,
    );
    assert.equal(breakingChanges(before, before), []);
  });

test("print gives documents of JSON Schema 2020-12, with a command that command's data", async () => {
  const report = await print({ type: "envelope", command: "schema check" }, [], session);
  const document = JSON.parse(report.text?.(plainStyle()) ?? "") as JsonSchema;
  assert.is(document["$schema"], "https://json-schema.org/draft/2020-12/schema");
  assert.is(document["$id"], "urn:pybun:schema:1:envelope:schema-check");
  assert.ok(document.properties?.["data"]?.properties?.["breaking"]);
  try {
    await print({ type: "data", command: undefined }, [], session);
    assert.unreachable();
  } catch (error) {
    assert.is((error as PybunError).code, "E_USAGE");
  }
});

test("check compares with the frozen copy, or with a printed file", async () => {
  assert.is((await check({ against: undefined }, [], session)).exitCode, 0);
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), "schema-"));
  try {
    const write = (name: string, value: unknown) => fs.writeFileSync(path.join(cwd, name), JSON.stringify(value));
    const event = documentFor(documents, "event");
    write("same.json", event);
    write("old.json", { ...event, anyOf: [...(event.anyOf ?? []), object({ type: { const: "Gone" } })] });
    write("other.json", { type: "object" });
    const against = (name: string) => check({ against: name }, [], { ...session, cwd });
    assert.is((await against("same.json")).exitCode, 0);
    const report = await against("old.json");
    assert.is(report.exitCode, 1);
    assert.is(report.text?.(plainStyle()), " - Gone  removed\n1 breaking change\n");
    for (const name of ["other.json", "absent.json"])
      try {
        await against(name);
        assert.unreachable();
      } catch (error) {
        assert.is((error as PybunError).code, "E_USAGE", name);
      }
  } finally {
    fs.rmSync(cwd, { recursive: true });
  }
});

test.run();
