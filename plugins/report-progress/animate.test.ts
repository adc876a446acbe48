import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Event } from "../../plugin-api/event.ts";
import { animate } from "./animate.ts";
import { plainLines } from "./plain-lines.ts";

/** As much of a terminal as the drawing uses: rows of text and a cursor. */
function terminal() {
  const rows: string[] = [""];
  let row = 0;
  let column = 0;
  const write = (text: string): void => {
    // oxlint-disable-next-line no-control-regex -- a terminal understands these
    for (const [token, count] of text.matchAll(/\u001b\[(\d*)[KA]|\r|\n|[^\u001b\r\n]/g)) {
      const line = (rows[row] ??= "");
      if (token === "\r") column = 0;
      else if (token === "\n") {
        row++;
        column = 0;
        rows[row] ??= "";
      } else if (token.endsWith("K") && token.startsWith("\u001b")) rows[row] = line.slice(0, column);
      else if (token.endsWith("A") && token.startsWith("\u001b")) row -= Number(count || 1);
      else {
        assert.ok(row >= 0, "the cursor left the screen");
        rows[row] = line.slice(0, column).padEnd(column) + token + line.slice(column + 1);
        column++;
      }
    }
  };
  return { write, shown: () => rows.filter((text) => text !== ""), rows };
}

function screen(columns = 80, isTalkative = false) {
  const display = terminal();
  const clock = { nowMs: 0 };
  let paints = 0;
  let tick: (() => void) | undefined;
  const { observe, erase } = animate({
    write: (text) => {
      paints++;
      display.write(text);
    },
    nowMs: () => clock.nowMs,
    columns: () => columns,
    isUnicode: true,
    isTalkative,
    every: (_ms, call) => {
      tick = call;
      return () => (tick = undefined);
    },
  });
  const pass = (ms: number) => {
    for (const end = clock.nowMs + ms; clock.nowMs < end; ) {
      clock.nowMs += 100;
      tick?.();
    }
  };
  return { ...display, observe, erase, pass, paints: () => paints, isTicking: () => tick !== undefined };
}

const REPORT = { type: "Report", report: { exitCode: 0, data: {} }, envelope: {} as never } as const;
const download = (file: string, total = 1000): Event => ({
  type: "DownloadStart",
  name: file,
  version: "1",
  file,
  total,
});

test("what is over within 100 ms is never drawn", () => {
  const it = screen();
  it.observe({ type: "ResolveStart", requirements: 1 });
  it.observe({ type: "ResolveComplete", packages: 1, from_cache: true });
  it.observe(REPORT);
  it.pass(1000);
  assert.is(it.paints(), 0);
});

test("it paints at most ten times a second, however many events come", () => {
  const it = screen();
  it.observe(download("a"));
  for (let bytes = 0; bytes < 500; bytes++) it.observe({ type: "DownloadProgress", name: "a", file: "a", bytes });
  it.pass(1000);
  for (let bytes = 500; bytes < 900; bytes++) it.observe({ type: "DownloadProgress", name: "a", file: "a", bytes });
  assert.is(it.paints(), 10);
  assert.match(it.shown()[0] as string, /Downloading .* 0\/1 /);
});

test("it is gone before a diagnostic, a child or the report prints, and comes back only after the first", () => {
  const diagnostic = { level: "warning", code: "W_A", message: "a" } as const;
  const ends: readonly (readonly [Event, boolean])[] = [
    [{ type: "Diagnostic", diagnostic }, true],
    [{ type: "ScriptStart", target: "a.py", exec_mode: "exec" }, false],
    [REPORT, false],
  ];
  for (const [event, comesBack] of ends) {
    const it = screen();
    for (const file of ["a", "b", "c"]) it.observe(download(file));
    it.pass(3000);
    assert.is(it.shown().length, 4);
    it.observe(event);
    assert.equal(it.shown(), [], event.type);
    it.pass(200);
    assert.is(it.shown().length > 0, comesBack, event.type);
    assert.is(it.isTicking(), comesBack);
  }
});

test("while a person is asked nothing is drawn", () => {
  const it = screen();
  it.observe(download("a"));
  it.pass(300);
  it.observe({ type: "Prompt", question: "go on" });
  it.pass(2000);
  assert.equal(it.shown(), []);
  it.observe({ type: "DownloadProgress", name: "a", file: "a", bytes: 1 });
  it.pass(200);
  assert.is(it.shown().length, 1);
});

test("with -v it makes way for every line", () => {
  const it = screen(80, true);
  it.observe(download("a"));
  it.pass(300);
  it.observe({ type: "PythonSelected", path: "/p", source: "s", version: "3" });
  assert.equal(it.shown(), []);
});

const file = fc.constantFrom("a", "b", "c", "d");
const bytes = fc.nat({ max: 5000 });
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  file.map((name) => download(name)),
  fc.tuple(file, bytes).map(([name, n]): Event => ({ type: "DownloadProgress", name, file: name, bytes: n })),
  fc
    .tuple(file, bytes)
    .map(([name, n]): Event => ({ type: "DownloadComplete", name, version: "1", file: name, bytes: n, cached: false })),
  fc.constant<Event>({ type: "ResolveStart", requirements: 1 }),
  fc.constant<Event>({ type: "ResolveProgress", packages: 5, name: "x" }),
  fc.constant<Event>({ type: "ResolveComplete", packages: 5, from_cache: false }),
  fc.constant<Event>({ type: "BuildStart", package: "p", backend: "b" }),
  fc.constant<Event>({ type: "BuildComplete", package: "p", cache: false }),
  fc.constant<Event>({ type: "InstallStart", packages: 3 }),
  fc.constant<Event>({ type: "InstallComplete", installed: 3, removed: 0, kept: 0, link_mode: "tree" }),
  fc.constant<Event>({ type: "Waiting", reason: "for another" }),
);

test("whatever happens, the screen is empty in the end and no line was wider than the terminal", () => {
  const steps = fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 30 })), { maxLength: 40 });
  const property = fc.property(steps, fc.integer({ min: 20, max: 140 }), (course, columns) => {
    const it = screen(columns);
    for (const [event, tenths] of course) {
      it.observe(event);
      it.pass(tenths * 100);
      for (const row of it.rows) assert.ok(row.length < columns, `${columns}: ${row}`);
    }
    it.observe(REPORT);
    assert.equal(it.shown(), []);
  });
  fc.assert(property, { numRuns: 200 });
});

test("off a terminal: one plain line per phase start and end", () => {
  let text = "";
  let nowMs = 0;
  const observe = plainLines(
    (line) => (text += line),
    () => nowMs,
  );
  const course: readonly Event[] = [
    { type: "ResolveStart", requirements: 1 },
    { type: "ResolveComplete", packages: 2, from_cache: false },
    download("a"),
    { type: "DownloadComplete", name: "a", version: "1", file: "a", bytes: 2048, cached: false },
    download("b"),
    { type: "DownloadComplete", name: "b", version: "1", file: "b", bytes: 2048, cached: false },
    { type: "InstallStart", packages: 2 },
    { type: "InstallComplete", installed: 2, removed: 0, kept: 0, link_mode: "tree" },
    REPORT,
  ];
  for (const event of course) {
    observe(event);
    nowMs += 1000;
  }
  assert.is(
    text,
    [
      "Resolving",
      "Resolved 2 packages in 1.0s",
      "Downloading",
      "Downloaded 2 packages, 4K in 4.0s",
      "Installing 2 packages",
      "Installed 2 packages in 1.0s",
      "",
    ].join("\n"),
  );
});

test.run();
