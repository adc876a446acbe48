import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { markerText, runs } from "../../test/harness/packaging-arbitraries.ts";
import { InvalidSyntax } from "../error.ts";
import type { MarkerEnvironment } from "../model/interpreter.ts";
import { evaluateMarker, formatMarker, markerProblem, parseMarker } from "./marker.ts";
import { assumeExtra } from "./marker-extra.ts";
import { formatLiteral, readLiteral } from "./marker-literal.ts";
import { formatExpression } from "./marker-syntax.ts";

const LINUX: MarkerEnvironment = {
  implementation_name: "cpython",
  implementation_version: "3.12.1",
  os_name: "posix",
  platform_machine: "x86_64",
  platform_python_implementation: "CPython",
  platform_release: "6.1.0-18-amd64",
  platform_system: "Linux",
  platform_version: "#1 SMP",
  python_full_version: "3.12.1",
  python_version: "3.12",
  sys_platform: "linux",
};

const TRUE = [
  "python_version >= '3.9'",
  'python_version > "3.9" and python_version < "3.100"',
  "'3.9' < python_version",
  "python_full_version ~= '3.12.0'",
  "python_version == '3.12.*'",
  "python_version in '3.11 3.12'",
  "'linux' in sys_platform",
  "sys.platform == 'linux' and os.name == 'posix'",
  "python_implementation == 'CPython'",
  "platform_machine not in 'arm64 aarch64'",
  "sys_platform >= 'linux'",
  "os_name == 'nt' or (sys_platform == 'linux' and extra == '')",
  "os_name == 'nt' and sys_platform == 'linux' or python_version > '3'",
  "  ( ( os_name=='posix' ) )\t",
  "'a' != os_name",
  "platform_version == '#1\\x20SMP'",
];

const FALSE = [
  "python_version < '3.2'",
  "python_version == '3.1'",
  "sys_platform > 'a'",
  "sys_platform < 'z'",
  "sys_platform == 'Linux'",
  // Neither compares as a version, so only equality of texts could hold.
  "platform_release >= '5.0'",
  "platform_release != '5.0'",
  "extra == 'x'",
  "os_name == 'nt' and (sys_platform == 'linux' or python_version > '3')",
];

/** Comparisons without meaning; one of them makes the whole undefined. */
const UNDEFINED = [
  ["sys_platform ~= 'linux'", 'sys_platform ~= "linux"'],
  ["python_version > '3' or os_name === 'posix'", 'os_name === "posix"'],
  ["extra ~= 'x' or os_name == 'posix'", 'extra ~= "x"'],
  ["python_version ~= '3'", 'python_version ~= "3"'],
  ["'a' == 'a'", '"a" == "a"'],
  ["'x' in extras or os_name == 'posix'", '"x" in extras'],
  ["extras == 'x'", 'extras == "x"'],
] as const;

const INVALID = [
  "",
  "os_name",
  "os_name = 'x'",
  "os_name == x",
  "os_name == 'x",
  "(os_name == 'x'",
  "os_name == 'x')",
  "os_name == 'x' os_name == 'y'",
  "os_name == 'x' and",
  "os_name not'x'",
  "os_name not in",
  "OS_NAME == 'x'",
  "platform_node == 'x'",
  "()",
  "os_name == 'x' AND os_name == 'y'",
  "os_name == '\\xg1'",
  "os_name == 'x'\n",
];

test("markers hold or not", () => {
  for (const marker of TRUE) assert.is(evaluateMarker(marker, LINUX), true, marker);
  for (const marker of FALSE) assert.is(evaluateMarker(marker, LINUX), false, marker);
  assert.ok(evaluateMarker("", LINUX));
});

test("a comparison without meaning makes the marker false and is named", () => {
  for (const [marker, comparison] of UNDEFINED) {
    assert.is(evaluateMarker(marker, LINUX), false, marker);
    assert.is(markerProblem(marker, LINUX), comparison, marker);
  }
  for (const marker of [...TRUE, ...FALSE]) assert.is(markerProblem(marker, LINUX), undefined, marker);
});

test("malformed markers are refused with the position", () => {
  for (const marker of INVALID) {
    const isPlaced = (error: unknown): boolean => error instanceof InvalidSyntax && error.position !== undefined;
    assert.throws(() => parseMarker(marker), isPlaced, marker);
  }
});

test("a marker cannot exhaust the stack", () => {
  const nested = (depth: number): string => `${"(".repeat(depth)}os_name == 'nt'${")".repeat(depth)}`;
  assert.is(parseMarker(nested(200)).text, 'os_name == "nt"');
  assert.throws(() => parseMarker(nested(100_000)), /too deeply/);
  assert.ok(parseMarker("os_name == 'nt' and ".repeat(5000).concat("os_name == 'a'")));
});

test("names of extras are compared in normal form", () => {
  assert.ok(evaluateMarker("extra == 'Dev_X'", LINUX, "dev.x"));
  assert.ok(evaluateMarker("'dev-x' == extra", LINUX, "Dev.X"));
  assert.not(evaluateMarker("extra != 'dev-x'", LINUX, "dev_x"));
  const sets = { extras: ["Dev.X"], dependencyGroups: ["Docs"] };
  assert.ok(evaluateMarker("'dev_x' in extras and 'docs' in dependency_groups", LINUX, sets));
  assert.not(evaluateMarker("'docs' in extras or extra == 'docs'", LINUX, sets));
});

test("a Python built from a checkout compares as a local version", () => {
  const environment = { ...LINUX, python_full_version: "3.13.0+" };
  assert.ok(evaluateMarker("python_full_version >= '3.13.0'", environment));
  assert.ok(evaluateMarker("python_full_version == '3.13.0'", environment));
  assert.ok(evaluateMarker("python_full_version == '3.13.0+local'", environment));
});

test("answers are those of the environment asked for", () => {
  const windows = { ...LINUX, sys_platform: "win32" };
  for (const environment of [LINUX, windows, LINUX]) {
    assert.is(evaluateMarker("sys_platform == 'win32'", environment), environment === windows);
  }
});

test("the canonical text keeps the writer's groups, and no others", () => {
  const canonical = (text: string): string => formatMarker(parseMarker(text));
  assert.is(canonical("((os.name=='nt'))"), 'os_name == "nt"');
  assert.is(canonical("(os_name=='a' or os_name=='b')"), 'os_name == "a" or os_name == "b"');
  assert.is(
    canonical("(os_name=='a' or os_name=='b') and extra=='X_y'"),
    '(os_name == "a" or os_name == "b") and extra == "x-y"',
  );
  assert.is(
    canonical("os_name=='a' and os_name=='b' or os_name  not   in 'c'"),
    'os_name == "a" and os_name == "b" or os_name not in "c"',
  );
  assert.is(canonical("os_name == 'say \"x\"'"), "os_name == 'say \"x\"'");
});

test("the canonical text is a fixed point and means the same", () => {
  fc.assert(
    fc.property(markerText, fc.constantFrom("", "test", "dev-x", "docs"), (text, extra) => {
      const marker = parseMarker(text);
      assert.is(parseMarker(marker.text).text, marker.text);
      assert.is(evaluateMarker(marker.text, LINUX, extra), evaluateMarker(text, LINUX, extra));
    }),
    runs,
  );
});

test("deciding the extra first changes nothing", () => {
  fc.assert(
    fc.property(markerText, fc.constantFrom("", "test", "dev-x", "docs", "other"), (text, extra) => {
      const rest = assumeExtra(parseMarker(text).expression, extra);
      const decided = typeof rest === "boolean" ? rest : evaluateMarker(formatExpression(rest), LINUX);
      assert.is(decided, evaluateMarker(text, LINUX, extra));
    }),
    { numRuns: 300 },
  );
});

test("literals are read as Python reads them", () => {
  assert.is(readLiteral("a\\n\\x41\\u00e9\\'\\q\\101"), "a\nAé'\\qA");
  for (const broken of ["a\nb", "\\x4", "\\u12", "\\U00110000", "\\N{DASH}", "a\0"])
    assert.is(readLiteral(broken), undefined, broken);
});

test("a literal survives writing and reading", () => {
  const character = fc.constantFrom("\\", "'", '"', "x", "n", "0", "\n", "\t", "\0", "é", "u", "\x7f");
  fc.assert(
    fc.property(fc.array(character, { maxLength: 8 }), (characters) => {
      const text = characters.join("");
      const literal = formatLiteral(text);
      assert.match(literal, /^(?:"[^"]*"|'[^']*')$/);
      assert.is(readLiteral(literal.slice(1, -1)), text);
    }),
    { numRuns: 300 },
  );
});

test.run();
