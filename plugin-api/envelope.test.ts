import { test } from "uvu";
import * as assert from "uvu/assert";
import { warning } from "./diagnostic.ts";
import { buildEnvelope, type Ending, errorType, toWire } from "./envelope.ts";
import { PybunError } from "./error.ts";
import type { Event, Stamped } from "./event.ts";

const stamp = (...events: Event[]): Stamped[] =>
  events.map((event, index) => ({ ...event, seq: index + 1, timestamp: "2026-01-02T03:04:05.678Z" }));

const ending = (more: Partial<Ending>): Ending => ({
  command: "pybun run",
  exitCode: 0,
  events: [],
  startedAtMs: 1000,
  nowMs: 1084.25,
  runId: "r-1",
  product: { version: "1.0.0" },
  ...more,
});

test("a success carries data, events and no explanation of a failure", () => {
  const envelope = buildEnvelope(
    ending({
      report: { exitCode: 0, data: { n: 1 }, nextActions: [{ command: ["pybun", "add", "httpx>=1"], why: "next" }] },
      events: stamp({ type: "CommandStart", command: "pybun run" }),
    }),
  );
  assert.is(envelope.status, "ok");
  assert.is(envelope.duration_ms, 84.25);
  assert.equal(envelope.data, { n: 1 });
  assert.equal(envelope.next_actions, [
    { command: ["pybun", "add", "httpx>=1"], shell: 'pybun add "httpx>=1"', why: "next" },
  ]);
  assert.is(envelope.events.length, 1);
  for (const key of ["error_type", "context", "fix_suggestion", "module", "trace_id"]) assert.not.ok(key in envelope);
});

test("a failure says what, where and how to repair it, and its diagnostic is not told twice", () => {
  const error = new PybunError("E_IMPORT_MISSING", "app.py:3 imports `numpy`, which is not a dependency", {
    file: "app.py",
    line: 3,
    hints: ["`pybun add numpy`"],
    context: { module: "numpy" },
  });
  const diagnostic = { ...error.detail, level: "error", code: error.code, message: error.message } as const;
  for (const events of [[], stamp({ type: "Diagnostic", diagnostic })]) {
    const envelope = buildEnvelope(ending({ exitCode: 1, error, events }));
    assert.is(envelope.status, "error");
    assert.is(envelope.error_type, "ImportError");
    assert.is(envelope.module, "numpy");
    assert.is(envelope.context, error.message);
    assert.is(envelope.fix_suggestion, "pybun add numpy");
    assert.is(envelope.diagnostics.length, 1);
  }
});

test("the command's own words for the envelope win", () => {
  const report = { exitCode: 3, data: {}, envelope: { error_type: "ScriptFailed", context: "app.py ended with 3" } };
  const envelope = buildEnvelope(ending({ exitCode: 3, report }));
  assert.is(envelope.error_type, "ScriptFailed");
  assert.is(envelope.context, "app.py ended with 3");
});

test("findings and signals have a class of their own", () => {
  assert.is(buildEnvelope(ending({ exitCode: 1, report: { exitCode: 1, data: {} } })).error_type, "Findings");
  const interrupted = buildEnvelope(ending({ exitCode: 130, isInterrupted: true }));
  assert.is(interrupted.error_type, "Interrupted");
  assert.equal(interrupted.diagnostics, []);
});

test("no diagnostic is dropped, and the final event is not inside itself", () => {
  const first = warning("W_ONE", "one");
  const second = warning("I_TWO", "two");
  const bare = buildEnvelope(ending({}));
  const envelope = buildEnvelope(
    ending({
      report: { exitCode: 0, data: {}, diagnostics: [second] },
      events: stamp(
        { type: "Diagnostic", diagnostic: first },
        { type: "Diagnostic", diagnostic: second },
        { type: "Diagnostic", diagnostic: { ...first } },
        { type: "Report", report: { exitCode: 0, data: {} }, envelope: bare },
      ),
    }),
  );
  assert.equal(
    (envelope.diagnostics as { code: string }[]).map(({ code }) => code),
    ["W_ONE", "I_TWO", "W_ONE"],
  );
  assert.is(envelope.events.length, 3);
});

test("a diagnostic's wire form has the specification's names, and no stack", () => {
  const wire = toWire({
    level: "error",
    code: "E_CONFIG_INVALID",
    message: "wrong",
    isRetryable: false,
    stack: "at secret place",
    fixes: [
      { id: "a", applicability: "review", edits: [{ file: "f", range: [1, 2], sha256: "0", newText: "x" }] },
      { id: "b", applicability: "machine", command: ["pybun", "config", "set", "offline", "a b"] },
    ],
  });
  assert.equal(wire, {
    level: "error",
    code: "E_CONFIG_INVALID",
    message: "wrong",
    suggestion: 'pybun config set offline "a b"',
    hints: [],
    causes: [],
    context: {},
    fixes: [
      {
        id: "a",
        applicability: "review",
        command: [],
        shell: "",
        edits: [{ file: "f", range: [1, 2], sha256: "0", new_text: "x" }],
      },
      {
        id: "b",
        applicability: "machine",
        command: ["pybun", "config", "set", "offline", "a b"],
        shell: 'pybun config set offline "a b"',
        edits: [],
      },
    ],
    retryable: false,
  });
});

test("a hint's command is its last one, not a name in backticks", () => {
  const suggestion = (hint: string) => toWire({ level: "error", code: "E_X", message: "x", hints: [hint] }).suggestion;
  assert.is(suggestion("did you mean `requests`: `pybun add requests`"), "pybun add requests");
  assert.is(suggestion("ask the publisher of `flask`"), null);
});

for (const [code, wanted] of [
  ["E_RESOLVE_CONFLICT", "ResolveConflict"],
  ["E_BUILD_SYSTEM_LIB", "BuildError"],
  ["E_NETWORK", "NetworkError"],
  ["E_PYTHON_NOT_FOUND", "PythonNotFound"],
] as const)
  test(`${code} is a ${wanted}`, () => assert.is(errorType(code), wanted));

test.run();
