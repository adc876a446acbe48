import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Event } from "../../plugin-api/event.ts";
import { createRedactor } from "../../plugin-api/redact.ts";
import { serialise } from "../../plugin-api/serialise.ts";
import { isLogged, levelOf, thresholdOf } from "./levels.ts";
import { appendToLog } from "./log-file.ts";
import { logger } from "./observer.ts";

const wish = (more: Partial<Parameters<typeof thresholdOf>[0]> = {}) =>
  thresholdOf({ filter: undefined, verbosity: 0, isQuiet: false, profile: undefined, ...more });

const DOWNLOADED: Event = { type: "DownloadComplete", name: "a", version: "1", file: "a", bytes: 1, cached: false };
const FAILED: Event = { type: "Diagnostic", diagnostic: { level: "error", code: "E_X", message: "no", stack: "at x" } };

test("the threshold: PYBUN_LOG before flags, flags before the profile", () => {
  assert.is(wish().base, "info");
  assert.is(wish({ verbosity: 1, profile: "warn" }).base, "debug");
  assert.is(wish({ verbosity: 2 }).base, "trace");
  assert.is(wish({ isQuiet: true }).base, "warn");
  assert.is(wish({ profile: "warn" }).base, "warn");
  assert.is(wish({ profile: "debug" }).base, "debug");
  assert.is(wish({ filter: "error", verbosity: 3 }).base, "error");
  assert.is(wish({ filter: "nonsense" }).base, "info");
});

test("an area may have a level of its own", () => {
  const threshold = wish({ filter: "error,download=debug" });
  const logged = (event: Event) => isLogged(threshold, levelOf(event).level, levelOf(event).area);
  assert.ok(logged(DOWNLOADED));
  assert.not.ok(logged({ type: "CommandStart", command: "pybun" }));
  assert.ok(logged(FAILED));
});

const stamp = (event: Event, seq = 1) => ({ ...event, seq, timestamp: "2026-01-02T03:04:05.678Z" });
const report = (more: object = {}): Event => ({
  type: "Report",
  report: { exitCode: 0, data: {} },
  envelope: more as never,
});

function logging(events: readonly Event[]) {
  const appended: string[] = [];
  const redactor = createRedactor({ home: "/home/al", secrets: ["hunter22"] });
  const { observe, flush } = logger({
    threshold: wish(),
    runId: "r-1",
    append: (lines) => void appended.push(lines),
    format: (line) => serialise(line, { entry: redactor.redactEntry }),
  });
  events.forEach((event, index) => observe(stamp(event, index + 1)));
  return { appended, flush };
}

test("one append at the end: the event, level, area, run and trace, redacted, an error with its stack", () => {
  const start: Event = { type: "CommandStart", command: "pybun --token hunter22 /home/al/x" };
  const { appended } = logging([start, FAILED, report({ trace_id: "t-1" })]);
  assert.is(appended.length, 1);
  const lines = (appended[0] as string)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(lines[0], {
    type: "CommandStart",
    command: "pybun --token *** ~/x",
    seq: 1,
    timestamp: "2026-01-02T03:04:05.678Z",
    level: "info",
    area: "command",
    run_id: "r-1",
    trace_id: "t-1",
  });
  assert.is(lines[1]?.["level"], "error");
  assert.is(lines[1]?.["stack"], "at x");
});

test("it is written before the process may become a child, and when it ends without a report", () => {
  const early = logging([{ type: "ScriptStart", target: "a.py", exec_mode: "exec" }]);
  assert.is(early.appended.length, 1);
  const late = logging([DOWNLOADED]);
  assert.is(late.appended.length, 0);
  late.flush();
  late.flush();
  assert.is(late.appended.length, 1);
});

test("ten files of 5 MiB are kept, lines are never lost at the turn", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "log-"));
  const folder = path.join(root, "data", "logs");
  try {
    const line = `${"x".repeat(1024 * 1024 - 1)}\n`;
    for (let count = 0; count < 60; count++) appendToLog(folder, line);
    const files = fs.readdirSync(folder).sort();
    assert.is(files.length, 10);
    for (const file of files) assert.ok(fs.statSync(path.join(folder, file)).size <= 5 * 1024 * 1024);
    assert.is(fs.statSync(path.join(folder, "pybun.1.jsonl")).size, 5 * 1024 * 1024);
    assert.is(fs.statSync(path.join(folder, "pybun.jsonl")).mode & 0o777, 0o600);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
});

test.run();
