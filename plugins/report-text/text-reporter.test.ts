import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import type { Event } from "../../plugin-api/event.ts";
import type { Report } from "../../plugin-api/report.ts";
import { textStyle } from "../../plugin-api/text/style.ts";
import { textReporter } from "./text-reporter.ts";
import { verboseLine } from "./verbose-line.ts";

interface Screen {
  readonly out: boolean;
  readonly err: boolean;
}
const TERMINAL: Screen = { out: true, err: true };
const PIPES: Screen = { out: false, err: false };

/** Runs events through a reporter; what it writes is kept in order, each text with its stream's number. */
function report(
  events: readonly Event[],
  more: { screen?: Screen; isQuiet?: boolean; isAct?: boolean; isHosting?: boolean; verbosity?: number } = {},
) {
  const { screen = PIPES, isQuiet = false, isAct = false, isHosting = false, verbosity = 0 } = more;
  const written: [1 | 2, string][] = [];
  const stream = (fd: 1 | 2, isTerminal: boolean) => {
    const facts = { isTerminal, hasColor: false, isUnicode: isTerminal, columns: () => 80, verbosity, isQuiet };
    return { style: () => textStyle(facts), write: (text: string) => void written.push([fd, text]) };
  };
  const observe = textReporter({
    out: stream(1, screen.out),
    err: stream(2, screen.err),
    choice: { isAct, isHosting, isQuiet, verbosity },
    ...(verbosity > 0 && { say: verboseLine }),
  });
  for (const event of events) observe(event);
  const on = (fd: number) => written.flatMap(([to, text]) => (to === fd ? [text] : [])).join("");
  return { out: on(1), err: on(2), order: written.map(([fd]) => fd).join("") };
}

const envelope = (more: object = {}) => ({ type: "Report", ...more }) as never;
const ended = (more: Partial<Report> = {}, end: object = {}): Event => ({
  type: "Report",
  report: { exitCode: 0, data: {}, ...more },
  envelope: envelope(end),
});
const tell = (diagnostic: Diagnostic): Event => ({ type: "Diagnostic", diagnostic });
const error: Diagnostic = { level: "error", code: "E_X", message: "it broke" };
const list = { text: () => " + rich  15.0.0\nAdded 1 dependency" };

test("a plain success leaves standard error empty off a terminal, and the text ends its line", () => {
  const nextActions = [{ command: ["pybun", "sync"], why: "next" }];
  assert.equal(report([ended({ ...list, nextActions })]), {
    out: " + rich  15.0.0\nAdded 1 dependency\n",
    err: "",
    order: "1",
  });
});

test("in a terminal a success ends with what to do next, two hints at most, none with --quiet", () => {
  const nextActions = ["a", "b", "c"].map((why) => ({ command: ["pybun", why], why }));
  const events = [ended({ nextActions })];
  assert.is(report(events, { screen: TERMINAL }).err, "hint: a: `pybun a`\nhint: b: `pybun b`\n");
  assert.is(report(events, { screen: TERMINAL, isQuiet: true }).err, "");
});

test("findings keep their hints in a pipe", () => {
  const nextActions = [{ command: ["pybun", "lock"], why: "update it" }];
  assert.is(report([ended({ exitCode: 1, nextActions })]).err, "hint: update it: `pybun lock`\n");
});

test("warnings stand above the result, equal ones once with a count, errors come last", () => {
  const { err, order } = report([
    tell(warning("W_A", "again")),
    tell(error),
    tell(warning("W_A", "again")),
    ended(list),
  ]);
  assert.is(err, "warning[W_A]: again (2 times)\nerror[E_X]: it broke\n");
  assert.is(order, "212");
});

test("a block that follows other output gets one blank line before it", () => {
  const block = { ...error, hints: ["`pybun doctor`"] };
  const seen = [tell(warning("W_A", "one")), tell(block), ended(list)];
  assert.is(report(seen).err, "warning[W_A]: one\n\nerror[E_X]: it broke\nhint: `pybun doctor`\n");
  assert.is(report([tell(error), ended(list)], { screen: TERMINAL }).err, "\nerror[E_X]: it broke\n");
  assert.is(report([tell(error), ended(list)]).err, "error[E_X]: it broke\n");
});

test("before a child gets the streams everything is told, and what it leads to stands apart from its output", () => {
  const start: Event = { type: "ScriptStart", target: "app.py", exec_mode: "spawn" };
  const seen = [tell(warning("W_A", "one")), start, tell(error), ended({ exitCode: 1 })];
  assert.is(report(seen, { isHosting: true }).err, "warning[W_A]: one\n\nerror[E_X]: it broke\n");
  assert.is(report(seen.slice(0, 2), { isHosting: true }).err, "warning[W_A]: one\n");
});

test("--quiet drops infos, not warnings", () => {
  const seen = [tell(warning("I_A", "info")), tell(warning("W_A", "warning")), ended()];
  assert.is(report(seen, { isQuiet: true }).err, "warning[W_A]: warning\n");
  assert.is(report(seen).err, "info[I_A]: info\nwarning[W_A]: warning\n");
});

test("--quiet drops how an act went, unless something was found or is only foreseen, and keeps what was asked for", () => {
  const quietly = (more: Partial<Report> = {}, isAct = true) =>
    report([ended({ ...list, ...more })], { isQuiet: true, isAct }).out;
  assert.is(quietly(), "");
  assert.is(report([ended(list)], { isAct: true }).out, `${list.text()}\n`);
  for (const shown of [quietly({ exitCode: 1 }), quietly({ data: { dry_run: true } }), quietly({}, false)])
    assert.is(shown, `${list.text()}\n`);
});

test("an interruption is one line that says what was under way; a host says nothing", () => {
  const seen: Event[] = [
    { type: "DownloadStart", name: "a", version: "1", file: "a.whl" },
    { type: "DownloadStart", name: "b", version: "1", file: "b.whl" },
    { type: "DownloadComplete", name: "a", version: "1", file: "a.whl", bytes: 5, cached: false },
    { type: "CommandEnd", command: "pybun x", status: "error", duration_ms: 1 },
    ended({ exitCode: 130 }, { error_type: "Interrupted" }),
  ];
  assert.is(report(seen).err, "interrupted while downloading, 1 of 2 done and kept; nothing was changed\n");
  assert.is(report(seen, { isHosting: true }).err, "");
});

test("-v tells of choices, -vv of caches", () => {
  const seen: Event[] = [
    { type: "PythonSelected", path: "/usr/bin/python3", source: "system", version: "3.12.1" },
    { type: "CacheHit", cache: "index", key: "rich" },
    ended(),
  ];
  assert.is(report(seen).err, "");
  assert.is(report(seen, { verbosity: 1 }).err, "using Python 3.12.1 (system) at /usr/bin/python3\n");
  assert.match(report(seen, { verbosity: 2 }).err, "index has rich\n");
});

test.run();
