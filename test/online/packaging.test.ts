import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";
import { readHeaders } from "../../plugin-api/python/headers.ts";
import { parseLicenseExpression } from "../../plugin-api/python/license-expression.ts";
import { evaluateMarker, markerProblem, parseMarker } from "../../plugin-api/python/marker.ts";
import { evaluates, markerSet, simplifyUnder } from "../../plugin-api/python/marker-algebra.ts";
import { formatRequirement, parseWrittenRequirement } from "../../plugin-api/python/requirement.ts";
import { readScriptMetadata } from "../../plugin-api/python/script-metadata.ts";
import { parseSdistFilename } from "../../plugin-api/python/sdist-filename.ts";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import { compareVersions, parseVersion } from "../../plugin-api/python/version.ts";
import { parseWheelFilename } from "../../plugin-api/python/wheel-filename.ts";
import { anyMarker, environmentOf } from "../harness/marker-arbitraries.ts";
import {
  markerText,
  nearVersionText,
  requirementText,
  specifierText,
  versionText,
} from "../harness/packaging-arbitraries.ts";
import { requirePython } from "../harness/python.ts";

// The product against the reference implementation, on random texts and on texts with a few characters changed.

const ORACLE = path.join(import.meta.dirname, "packaging_oracle.py");
const COUNT = 3000;
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

const ENVIRONMENT: MarkerEnvironment = {
  implementation_name: "cpython",
  implementation_version: "3.12.1",
  os_name: "posix",
  platform_machine: "x86_64",
  platform_python_implementation: "CPython",
  platform_release: "6.1.0-18-amd64",
  platform_system: "Linux",
  platform_version: "#1 SMP",
  python_full_version: "3.13.0+",
  python_version: "3.13",
  sys_platform: "linux",
};

const CHARACTERS = " \t.-_+*!,;:()[]'\"@=<>~v0aéß１\\|&#".split("");

/** The text with up to three characters taken out, put in or changed. */
function damaged(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const character = fc.constantFrom(...CHARACTERS);
  const edit = fc.record({ at: fc.nat(60), remove: fc.nat(1), insert: fc.oneof(fc.constant(""), character) });
  const edits = fc.oneof(fc.constant([]), fc.array(edit, { maxLength: 3 }));
  return fc.tuple(text, edits).map(([original, list]) => {
    let result = original;
    for (const { at, remove, insert } of list) result = result.slice(0, at) + insert + result.slice(at + remove);
    return result;
  });
}

const words = (...all: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 7 }).map((list) => list.join(" "));

const part = fc.constantFrom(
  "py3",
  "py2.py3",
  "cp312",
  "abi3",
  "none",
  "any",
  "linux_x86_64",
  "1",
  "1x",
  "Foo_Bar",
  "a.b",
  "1.0",
  "",
);
const wheelName = fc.oneof(
  fc
    .tuple(fc.constantFrom("foo", "Foo_Bar", "a.b"), nearVersionText, fc.constantFrom("", "-1", "-2b"))
    .map(([name, version, build]) => `${name}-${version}${build}-py2.py3-none-any.whl`),
  fc.array(part, { minLength: 4, maxLength: 7 }).map((parts) => `${parts.join("-")}.whl`),
);
const sdistName = fc
  .tuple(fc.constantFrom("foo", "Foo-Bar", "a.b"), versionText, fc.constantFrom(".tar.gz", ".zip", ".tgz"))
  .map(([name, version, extension]) => `${name}-${version}${extension}`);

const lines = (...all: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.tuple(fc.constantFrom(...all), fc.constant("\n")), { maxLength: 12 }).map((list) => list.flat().join(""));

const headerText = lines(
  "A: 1",
  "b:2",
  "a:  3 ",
  " folded",
  "\tfolded",
  "",
  "no field",
  "C :4",
  "From x",
  ": 5",
  "é: 6",
  "a:",
  "d-e_f: x: y",
);
const scriptText = lines(
  "# /// script",
  "# /// script",
  "# /// other",
  "# /// script ",
  "# ///",
  "# ///",
  "#",
  "# a = 1",
  "#a",
  "#  b",
  "# # c",
  "",
  "x",
);

/** The reference writes backslashes, line breaks and NUL as they are, and could not read that back. */
const withoutEscapes = (text: string): string =>
  text.replace(/\\(?:x(00|0a|0d)|\\)/g, (_, hex: string | undefined) =>
    hex === undefined ? "\\" : String.fromCharCode(Number.parseInt(hex, 16)),
  );

/** The reference refuses to compare a local version from the right, which sets don't follow. */
const REVERSED = /' [<>=!~]=? python_full_version/;

/** Kind of question to how questions are made and what the product answers. */
const KINDS: Readonly<Record<string, readonly [fc.Arbitrary<unknown>, (question: never) => unknown]>> = {
  version: [damaged(versionText), (text: string) => parseVersion(text).normalized],
  order: [
    fc.tuple(nearVersionText, fc.oneof(nearVersionText, versionText)),
    ([a, b]: readonly [string, string]) => compareVersions(parseVersion(a), parseVersion(b)),
  ],
  contains: [
    fc.tuple(damaged(specifierText), fc.oneof(nearVersionText, damaged(nearVersionText))),
    ([specifier, version]: readonly [string, string]) => {
      const parsed = parseSpecifier(specifier);
      return [satisfies(parsed, version), satisfies(parsed, version, { prereleases: false })];
    },
  ],
  marker: [
    fc.tuple(damaged(markerText), fc.constant(ENVIRONMENT), fc.constantFrom("", "test", "Dev_X")),
    ([text, environment, extra]: readonly [string, MarkerEnvironment, string]) => {
      const isUndefined = markerProblem(text, environment, extra) !== undefined;
      return [withoutEscapes(parseMarker(text).text), isUndefined ? null : evaluateMarker(text, environment, extra)];
    },
  ],
  marker_set: [
    fc.tuple(anyMarker, environmentOf, fc.constantFrom("", "a", "b-c")).filter(([text, { python_full_version }]) => {
      return !python_full_version.endsWith("+") || !REVERSED.test(text);
    }),
    ([text, environment, extra]: readonly [string, MarkerEnvironment, string]) => {
      const set = markerSet(text);
      const holds = evaluates(set, environment, extra === "" ? [] : [extra]);
      // Whether rewriting and shortening change anything is no matter of the reference, but its answer must stay.
      const within = markerSet("python_version >= '3.9' or os_name == 'nt'");
      const isWithin = evaluates(within, environment);
      return [
        holds,
        isWithin ? evaluates(simplifyUnder(set, within), environment, extra === "" ? [] : [extra]) : holds,
      ];
    },
  ],
  requirement: [
    damaged(requirementText),
    (text: string) => withoutEscapes(formatRequirement(parseWrittenRequirement(text))),
  ],
  wheel: [damaged(wheelName), wheelAnswer],
  sdist: [
    damaged(sdistName),
    (text: string) => {
      const { name, version } = parseSdistFilename(text);
      return [name, parseVersion(version).normalized];
    },
  ],
  licence: [
    damaged(
      words(
        "MIT",
        "mit",
        "Apache-2.0+",
        "AND",
        "or",
        "with",
        "(",
        ")",
        "Classpath-exception-2.0",
        "LicenseRef-x",
        "BSD",
      ),
    ),
    parseLicenseExpression,
  ],
  headers: [headerText, (text: string) => [...readHeaders(text)].map(([name, values]) => [name, values])],
  script: [scriptText, (text: string) => readScriptMetadata(text)?.toml ?? ""],
};

function wheelAnswer(text: string): unknown {
  const { name, version, build = [], tags } = parseWheelFilename(text);
  const [pythons, abis, platforms] = tags.split("-").map((one) => one.split(".")) as [string[], string[], string[]];
  const all = pythons.flatMap((a) => abis.flatMap((b) => platforms.map((c) => `${a}-${b}-${c}`)));
  return [name, parseVersion(version).normalized, build, [...new Set(all)].sort()];
}

function orNull(answer: () => unknown): unknown {
  try {
    return answer();
  } catch (error) {
    if (error instanceof InvalidSyntax) return null;
    throw error;
  }
}

const home = fs.mkdtempSync(path.join(os.tmpdir(), "packaging-oracle-"));
const questions = Object.fromEntries(
  Object.entries(KINDS).map(([kind, [arbitrary]]) => [kind, fc.sample(arbitrary, { numRuns: COUNT, seed })]),
);
let answers: Record<string, unknown[]> = {};

test.before(() => {
  const python = path.join(home, "bin", "python");
  execFileSync(requirePython().path, ["-m", "venv", home]);
  execFileSync(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "packaging==26.3"]);
  const output = execFileSync(python, ["-I", ORACLE], { input: JSON.stringify(questions), maxBuffer: 2 ** 28 });
  answers = JSON.parse(output.toString()) as typeof answers;
});
test.after(() => fs.rmSync(home, { recursive: true }));

for (const [kind, [, ask]] of Object.entries(KINDS)) {
  test(`${kind}: as the reference answers (seed ${seed})`, () => {
    const different = questions[kind]!.flatMap((question, i) => {
      const expected = JSON.stringify(answers[kind]![i]);
      const given = JSON.stringify(orNull(() => ask(question as never)));
      return expected === given ? [] : [`${JSON.stringify(question)}: expected ${expected}, got ${given}`];
    });
    assert.equal(different.slice(0, 10), []);
  });
}

test.run();
