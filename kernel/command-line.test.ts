import { test } from "uvu";
import * as assert from "uvu/assert";
import { commandSpec } from "../plugin-api/command.ts";
import { globals } from "../plugin-api/globals.ts";
import { findCommand, parseCommandLine } from "./command-line.ts";

const shared = { summary: "", brief: "", maturity: "stable", group: "Run" } as const;
const run = commandSpec({
  ...shared,
  handsOver: true,
  handsOverAt: (word) => ["-c", "-m"].includes(word),
  childOptions: (word) => ({ "-X": true, "-O": false })[word],
  arity: [1, Number.POSITIVE_INFINITY],
  options: { with: { kind: "list", help: "" }, dryRun: { kind: "flag", help: "" } },
});
const pin = commandSpec({ ...shared, arity: [1, 1], options: { python: { kind: "text", help: "" } } });
const commands = new Map<string, unknown>([
  ["run", run],
  ["python list", pin],
  ["python pin", pin],
]);

const parse = (words: string, spec: typeof run | typeof pin = run) => {
  const { options, ...typed } = parseCommandLine({
    spec,
    path: "run",
    argv: words.split(" ").filter(Boolean),
    specs: { ...globals, ...spec.options },
  });
  return { options: Object.fromEntries(options), ...typed };
};

const found: readonly (readonly [argv: string, path: string, rest: string, stray?: string])[] = [
  ["run app.py", "run", "app.py"],
  ["--offline run app.py", "run", "--offline | app.py"],
  ["python --offline list", "python list", "--offline"],
  ["--cache-dir run python list", "python list", "--cache-dir run |"],
  ["python", "python", ""],
  ["python liist", "python", "liist"],
  ["", "", ""],
  ["-v", "", "-v"],
  ["pyton list", "", "pyton list", "pyton"],
];
for (const [argv, path, rest, stray] of found)
  test(`\`pybun ${argv}\` is the command ${path}`, () => {
    const result = findCommand(argv.split(" ").filter(Boolean), commands, globals);
    const words = result.before.length === 0 ? result.rest : [...result.before, "|", ...result.rest];
    assert.equal([result.path, words.join(" "), result.stray], [path, rest, stray]);
  });

const childs: readonly (readonly [argv: string, operands: readonly string[], options: Record<string, unknown>])[] = [
  ["app.py -x --with y", ["app.py", "-x", "--with", "y"], {}],
  ["--with rich app.py --offline", ["app.py", "--offline"], { with: ["rich"] }],
  ["--with=a --with b app.py", ["app.py"], { with: ["a", "b"] }],
  ["-c print(1) --dry-run", ["-c", "print(1)", "--dry-run"], {}],
  ["-m http.server -v", ["-m", "http.server", "-v"], {}],
  ["-X dev -O app.py", ["-X", "dev", "-O", "app.py"], {}],
  ["--dry-run -- -x", ["-x"], { dryRun: [true] }],
  ["-vv app.py", ["app.py"], { verbose: [true, true] }],
  ["- a", ["-", "a"], {}],
  ["app.py -- --", ["app.py", "--", "--"], {}],
];
for (const [argv, operands, options] of childs)
  test(`\`pybun run ${argv}\` leaves the child its words`, () => {
    assert.equal(parse(argv), { options, operands, problem: undefined });
  });

test("a value stays as it was typed", () => {
  assert.equal(parse("--python 3.10 x", pin).options, { python: ["3.10"] });
  assert.equal(parse("--python=007 x", pin).options, { python: ["007"] });
});

const refused: readonly (readonly [argv: string, words: string])[] = [
  ["--dry-rum app.py", "--dry-run"],
  ["--dry-run=yes app.py", "takes no value"],
  ["", "something is missing"],
];
for (const [argv, words] of refused)
  test(`\`pybun run ${argv}\` is refused`, () => {
    const { problem } = parse(argv);
    assert.is(problem?.code, "E_USAGE");
    assert.match(`${problem?.message} ${problem?.detail.hints?.join()}`, words);
  });

test("what is right in wrong words is still read, so that the failure is told in the form asked for", () => {
  assert.equal(parse("--format=json --no-such app.py").options, { format: ["json"] });
});

test("an operand too many is refused", () => {
  assert.is(parse("a b", pin).problem?.code, "E_USAGE");
});

test.run();
