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

const problem = async (envelope: object, exitCode = 3): Promise<string> => {
  const ended = checkOutput(`${JSON.stringify(envelope)}\n`, exitCode);
  return ended.then(
    () => "",
    (error: Error) => error.message,
  );
};

test("a valid envelope passes, and so does what is none", async () => {
  assert.is(await problem(good), "");
  await checkOutput("hello\n", 0);
  await checkOutput("", 1);
});

test("a missing field, a wrong type, another exit code", async () => {
  const { run_id: _, ...without } = good;
  assert.match(await problem(without), "run_id");
  assert.match(await problem({ ...good, diagnostics: {} }), "/diagnostics");
  assert.match(await problem(good, 4), "/exit_code is 3, but the process ended with 4");
});

test("the last line of a stream of events is held to it, too", async () => {
  const line = JSON.stringify({ ...good, status: "perhaps" });
  await checkOutput(`{"type":"CommandStart"}\n${line}\n`, 3).then(
    () => assert.unreachable("should be refused"),
    (error: Error) => assert.match(error.message, "/status"),
  );
});

test.run();
