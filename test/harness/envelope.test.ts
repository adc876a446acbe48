import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkOutput } from "./envelope.ts";

const good = {
  version: "1",
  command: "pybun python list",
  status: "error",
  exit_code: 3,
  duration_ms: 1.5,
  run_id: "00000000-0000-4000-8000-000000000000",
  error_type: "E_X",
  context: "it broke",
  fix_suggestion: null,
  data: {},
  events: [],
  diagnostics: [],
  next_actions: [],
  pybun: { version: "1.0.0", runtime: "bun", platform: "linux-x64" },
};

const problem = (envelope: object, exitCode = 3): string => {
  try {
    checkOutput(`${JSON.stringify(envelope)}\n`, exitCode);
    return "";
  } catch (error) {
    return String(error);
  }
};

test("a valid envelope passes, and so does what is none", () => {
  assert.is(problem(good), "");
  checkOutput("hello\n", 0);
  checkOutput("", 1);
});

test("a missing field, a wrong type, another exit code", () => {
  const { run_id: _, ...without } = good;
  assert.match(problem(without), "run_id");
  assert.match(problem({ ...good, diagnostics: {} }), "/diagnostics");
  assert.match(problem(good, 4), "/exit_code is 3, but the process ended with 4");
});

test("the last line of a stream of events is held to it, too", () => {
  const line = JSON.stringify({ ...good, status: "perhaps" });
  assert.throws(() => checkOutput(`{"type":"CommandStart"}\n${line}\n`, 3), "/status");
});

test.run();
