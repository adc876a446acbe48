import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildEnvelope } from "../../plugin-api/envelope.ts";
import type { Event, Stamped } from "../../plugin-api/event.ts";
import { createRedactor } from "../../plugin-api/redact.ts";
import { serialise } from "../../plugin-api/serialise.ts";
import { jsonReporter } from "./observer.ts";

const stamp = (events: readonly Event[]): Stamped[] =>
  events.map((event, index) => ({ ...event, seq: index + 1, timestamp: "2026-01-02T03:04:05.678Z" }));
const seen: Event[] = [
  { type: "CommandStart", command: "pybun run" },
  { type: "Diagnostic", diagnostic: { level: "warning", code: "W_A", message: "careful", isRetryable: true } },
];
const report = { exitCode: 0, data: { n: 1 } };
const envelope = buildEnvelope({
  command: "pybun run",
  exitCode: 0,
  report,
  events: stamp(seen),
  startedAtMs: 0,
  nowMs: 5,
  runId: "r-1",
  product: { version: "1.0.0" },
});

function lines(format: "json" | "ndjson"): readonly unknown[] {
  const written: unknown[] = [];
  const observe = jsonReporter(format, (value) => void written.push(JSON.parse(serialise(value))));
  for (const event of stamp([...seen, { type: "Report", report, envelope }])) observe(event);
  return written;
}

test("json is one envelope", () => {
  const written = lines("json");
  assert.is(written.length, 1);
  assert.equal(written[0], JSON.parse(JSON.stringify(envelope)));
});

test("ndjson is every event as it happens, numbered, and last the same envelope", () => {
  const written = lines("ndjson") as { seq?: number; diagnostic?: { retryable: boolean } }[];
  assert.equal(
    written.map(({ seq }) => seq),
    [1, 2, undefined],
  );
  assert.equal(written[2], lines("json")[0]);
  assert.is(written[1]?.diagnostic?.retryable, true);
});

test("the serialiser masks secrets, shortens the home directory and drops escape sequences", () => {
  const redactor = createRedactor({ home: "/home/al", secrets: ["hunter22"] });
  const value = {
    path: "/home/al/x",
    note: "got hunter22",
    stdout: "\u001b[31mred\u001b[0m\n",
    token: "abc",
    size: 5n,
  };
  assert.is(
    serialise(value, { entry: redactor.redactEntry }),
    '{"path":"~/x","note":"got ***","stdout":"red\\n","token":"***","size":5}',
  );
  assert.match(serialise(value), "hunter22");
  assert.is(
    serialise({ map: new Map([["a", new Set([1])]]), at: new Date(0) }),
    '{"map":{"a":[1]},"at":"1970-01-01T00:00:00.000Z"}',
  );
});

test.run();
