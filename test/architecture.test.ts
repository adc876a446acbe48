import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { globals } from "../plugin-api/globals.ts";
import * as rules from "./architecture/rules.ts";
import { isProduct, lineCount, readSources, sourceFile } from "./architecture/source-file.ts";
import * as textRules from "./architecture/text-rules.ts";
import { REPOSITORY } from "./harness/executable.ts";

const FOLDERS = ["kernel", "plugin-api", "plugins", "presets", "templates", "test", "docs", ".ci"];
const PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];
const sources = readSources(REPOSITORY, [...FOLDERS, ...PAGES]);
const manifest = JSON.parse(fs.readFileSync(path.join(REPOSITORY, "package.json"), "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const stages = [...readText("plugin-api/stages.ts").matchAll(/^ {2}"?([a-z.]+)"?: \{ readonly input/gm)].map(
  (match) => match[1] as string,
);
/** What somebody starts or imports: the executables, the library, and what tests use beside the code they test. */
const ENTRIES = [
  ...["pybun", "library", "build", "start", "enterprise"].map((name) => `presets/${name}.ts`),
  // A thread's entry: presets/build.ts puts it into the executable.
  "plugins/store/ingest-worker.ts",
  ...sources.filter((file) => /^(test|docs)\/.*(?<!\.test)\.ts$/.test(file.path)).map((file) => file.path),
];

/** Their handlers run in `run`, `lock` and `sync`, and in every command. */
const QUICK =
  "env-cache hints linker lock log pep723 python report-json report-text resolver runner store sync venv".split(" ");

/** Settings come from TOML files, and decide what is loaded. */
const AT_START = ["smol-toml"];

const all: Readonly<Record<string, rules.Rule>> = {
  "imports go one way": rules.importDirection,
  "a plugin imports no other plugin": rules.pluginsApart,
  "kernel and plugin-api compile without any plugin": rules.pluginsRemovable,
  "only kernel/stage.ts imports tapable": rules.onlyStageImportsTapable,
  "only declared packages are imported": rules.onlyDeclaredPackages(Object.keys(manifest.dependencies)),
  "manifests are data": rules.manifestsAreData,
  "files have at most 400 lines, manifests 60": rules.fileSizes,
  "the kernel has fewer than 900 lines": rules.kernelSize,
  "only the API has a barrel file": rules.noBarrels,
  "file names tell": rules.telling,
  "no import circles": rules.noCircles,
  "the start loads neither kernel nor plugins": rules.bareStart("presets/pybun.ts"),
  "plugins are declarations until they are used": rules.lazyStart(
    ["presets/process.ts", "presets/shipped.ts"],
    AT_START,
  ),
  "fast forms load next to nothing": rules.lightFastForms("presets/fast.ts"),
  "quick commands load no heavy module of Node's": rules.lightHandlers(QUICK),
  "no file is dead": rules.nothingDead(ENTRIES),
  "what exists on Bun alone stands in native.ts": textRules.nativeOnlyInNative,
  "nobody prints but reporters": textRules.onlyReportersPrint,
  "no checker is silenced": textRules.nothingSilenced,
  "no host name of a registry outside the plugin that owns it": textRules.noRegistryHosts,
  "no path of one machine": textRules.noMachinePaths,
  "nothing unfinished": textRules.nothingUnfinished,
  "the kernel names no plugin": textRules.kernelNamesNoPlugin([...stages, ...Object.keys(globals)]),
  "every code is declared where it is thrown": textRules.codesDeclared,
  "every code has one owner": textRules.codesUnique,
  "plugin folders have a manifest and a page": textRules.pluginFolders,
};

for (const [name, rule] of Object.entries(all)) {
  test(name, () => assert.equal(rule(sources), []));
}

const long = (lines: number): string => "let a = 1;\n".repeat(lines);
const pluginA = { "plugins/a/index.ts": "", "plugins/a/README.md": "" };

/** Each breaks one rule; the path is that of the file the rule has to name. */
const broken: readonly (readonly [rule: string, files: Readonly<Record<string, string>>, at: string])[] = [
  ["imports go one way", { "kernel/x.ts": 'import { a } from "../plugins/a/x.ts";' }, "kernel/x.ts:1"],
  ["imports go one way", { "plugin-api/x.ts": '\nimport type { A } from "../kernel/x.ts";' }, "plugin-api/x.ts:2"],
  ["imports go one way", { "plugins/a/x.ts": 'await import("../../kernel/main.ts");' }, "plugins/a/x.ts:1"],
  ["imports go one way", { "kernel/x.test.ts": 'import "../presets/default.ts";' }, "kernel/x.test.ts:1"],
  ["imports go one way", { "kernel/x.ts": 'type A = import("../presets/default.ts").A;' }, "kernel/x.ts:1"],
  ["a plugin imports no other plugin", { "plugins/a/x.ts": 'export { b } from "../b/y.ts";' }, "plugins/a/x.ts:1"],
  [
    "kernel and plugin-api compile without any plugin",
    { "kernel/x.ts": 'const load = () => import("../plugins/a/x.ts");' },
    "kernel/x.ts:1",
  ],
  ["only kernel/stage.ts imports tapable", { "kernel/x.ts": 'import { Hook } from "tapable";' }, "kernel/x.ts:1"],
  ["only declared packages are imported", { "plugins/a/x.ts": 'import fc from "fast-check";' }, "plugins/a/x.ts:1"],
  ["manifests are data", { "plugins/a/index.ts": 'import run from "./run.ts";' }, "plugins/a/index.ts:1"],
  ["manifests are data", { "plugins/a/errors.ts": 'import fs from "node:fs";' }, "plugins/a/errors.ts:1"],
  ["files have at most 400 lines, manifests 60", { "plugins/a/index.ts": long(61) }, "plugins/a/index.ts"],
  ["files have at most 400 lines, manifests 60", { "test/x.ts": long(401) }, "test/x.ts"],
  ["the kernel has fewer than 900 lines", { "kernel/x.ts": long(400), "kernel/y.ts": long(500) }, "the kernel"],
  ["only the API has a barrel file", { "plugin-api/model/x.ts": 'export * from "./y.ts";' }, "plugin-api/model/x.ts"],
  ["file names tell", { "plugins/a/string-utils.ts": "" }, "plugins/a/string-utils.ts"],
  [
    "no import circles",
    { "kernel/x.ts": 'import "./y.ts";', "kernel/y.ts": 'import "./x.ts";' },
    "imports go in a circle: kernel/x.ts -> kernel/y.ts",
  ],
  [
    "quick commands load no heavy module of Node's",
    {
      "plugins/lock/index.ts": 'export default { load: () => import("./lock.ts") };',
      "plugins/lock/lock.ts": 'import "../../plugin-api/digest.ts";',
      "plugin-api/digest.ts": '\nimport { createHash } from "node:crypto";',
    },
    "plugin-api/digest.ts:2",
  ],
  [
    "the start loads neither kernel nor plugins",
    { "presets/pybun.ts": 'import "./x.ts";', "presets/x.ts": 'import "../kernel/main.ts";' },
    "presets/pybun.ts loads kernel/main.ts",
  ],
  [
    "the start loads neither kernel nor plugins",
    { "presets/pybun.ts": 'import ajv from "ajv";' },
    "presets/pybun.ts loads ajv",
  ],
  [
    "plugins are declarations until they are used",
    { "presets/shipped.ts": 'import "../kernel/x.ts";', "kernel/x.ts": 'import "../plugins/a/run.ts";' },
    "presets/shipped.ts loads plugins/a/run.ts",
  ],
  [
    "plugins are declarations until they are used",
    { "presets/process.ts": 'import { Hook } from "tapable";' },
    "presets/process.ts loads tapable",
  ],
  [
    "fast forms load next to nothing",
    {
      "presets/fast.ts": 'const run = () => import("../plugins/a/fast.ts");',
      "plugins/a/fast.ts": 'import { x } from "../../plugin-api/x.ts";',
    },
    "plugins/a/fast.ts loads plugin-api/x.ts",
  ],
  [
    "fast forms load next to nothing",
    { "presets/fast.ts": 'import run from "./fast-run.ts";', "presets/fast-run.ts": 'import fs from "node:fs";' },
    "presets/fast.ts loads node:fs",
  ],
  ["no file is dead", { ...pluginA, "plugins/a/forgotten.ts": "" }, "plugins/a/forgotten.ts"],
  ["what exists on Bun alone stands in native.ts", { "kernel/x.ts": "Bun.gc(true);" }, "kernel/x.ts:1"],
  ["what exists on Bun alone stands in native.ts", { "kernel/x.ts": 'import "bun:ffi";' }, "kernel/x.ts:1"],
  ["nobody prints but reporters", { "plugins/a/x.ts": "\nconsole.log(1);" }, "plugins/a/x.ts:2"],
  ["nobody prints but reporters", { "kernel/x.ts": "const { isTTY } = process.stdout;" }, "kernel/x.ts:1"],
  ["no checker is silenced", { "kernel/x.ts": ["// oxlint", "disable-next-line x"].join("-") }, "kernel/x.ts:1"],
  [
    "no host name of a registry outside the plugin that owns it",
    { "docs/x.md": ["https://pypi", "org"].join(".") },
    "docs/x.md:1",
  ],
  ["no path of one machine", { "test/x.ts": `const a = "${["", "home", "me", "src"].join("/")}/x";` }, "test/x.ts:1"],
  ["nothing unfinished", { "README.md": `- ${"to".toUpperCase()}${"do".toUpperCase()}: write this` }, "README.md:1"],
  ["the kernel names no plugin", { ...pluginA, "kernel/x.ts": 'if (name === "a") stop();' }, "kernel/x.ts:1"],
  [
    "every code is declared where it is thrown",
    { "plugins/a/x.ts": 'throw new PybunError("E_A", "no");', "plugins/b/errors.ts": "  E_A: {\n" },
    "plugins/a/x.ts:1",
  ],
  [
    "every code has one owner",
    { "plugins/a/errors.ts": "  E_A: {\n", "plugins/b/errors.ts": "  E_A: {\n" },
    "plugins/b/errors.ts declares E_A",
  ],
  ["plugin folders have a manifest and a page", { "plugins/a/x.ts": "" }, "plugins/a/index.ts is missing"],
];

for (const [rule, files, at] of broken) {
  test(`broken on purpose: ${rule}: ${at}`, () => {
    const findings = all[rule]?.(Object.entries(files).map(([file, text]) => sourceFile(file, text))) ?? [];
    assert.ok(
      findings.some((finding) => finding.startsWith(at)),
      `nothing found at ${at}, but ${JSON.stringify(findings)}`,
    );
  });
}

test("every rule is broken on purpose once", () => {
  const proven = new Set(broken.map(([rule]) => rule));
  assert.equal(
    Object.keys(all).filter((name) => !proven.has(name)),
    [],
  );
});

const innocent: Readonly<Record<string, string>> = {
  "presets/shipped.ts": 'import a from "../plugins/a/index.ts";\n',
  "kernel/words.ts": 'const a = "Bun.gc"; // console.log\nconst b = `tapable ${"console.log"}`;\nconst c = /Bun.x"/;\n',
  "kernel/stage.ts": 'import { AsyncSeriesHook } from "tapable";\n',
  "plugins/a/index.ts":
    'import { codes } from "./errors.ts";\nexport default { load: () => import("./run.ts") };\nimport("./native.ts");\n',
  "plugins/a/errors.ts": "export const codes = {\n  E_A: {\n",
  "plugins/a/run.ts": 'throw new PybunError("E_A", "import x from \\"kernel\\"");\n',
  "plugins/a/native.ts": "export const mapped = (path: string) => Bun.mmap(path);\n",
  "plugins/a/README.md": "about a",
  "presets/pybun.ts": 'import("./shipped.ts");\nimport("../kernel/words.ts");\nimport("../kernel/stage.ts");\n',
};

for (const [name, rule] of Object.entries(all)) {
  test(`lets pass: ${name}`, () => {
    assert.equal(rule(Object.entries(innocent).map(([file, text]) => sourceFile(file, text))), []);
  });
}

/** Length and parameters of functions are held by the linter; this holds the linter to it. */
test("the linter refuses long functions and long parameter lists", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lint-"));
  try {
    fs.writeFileSync(path.join(folder, "long.ts"), `export function long(): void {\n${"  void 0;\n".repeat(61)}}\n`);
    fs.writeFileSync(path.join(folder, "wide.ts"), "export const wide = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];\n");
    fs.writeFileSync(path.join(folder, "fine.ts"), "export const fine = (a: 1, b: 2, c: 3) => [a, b, c];\n");
    const found = lintSizes(folder);
    assert.match(found, /max-lines-per-function[\s\S]*long\.ts/);
    assert.match(found, /max-params[\s\S]*wide\.ts/);
    assert.not.match(found, /fine\.ts/);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("functions have at most 60 lines and 3 parameters", () => {
  const found = lintSizes("kernel", "plugin-api", "plugins", "presets", "test");
  assert.ok(found.includes("Found 0 warnings and 0 errors"), found);
});

test("file sizes", () => {
  const lines = sources
    .filter(isProduct)
    .map(lineCount)
    .sort((a, b) => a - b);
  const share = Math.round((lines.filter((count) => count <= 80).length / lines.length) * 100);
  console.log(`${lines.length} product files, median ${lines[lines.length >> 1]} lines, ${share} % have at most 80`);
  assert.ok(lines.length > 0);
});

function lintSizes(...paths: readonly string[]): string {
  const configured = JSON.parse(readText(".oxlintrc.json")) as { readonly rules: Readonly<Record<string, unknown>> };
  const names = ["max-params", "max-lines-per-function", "max-lines"];
  const config = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lint-config-")), "oxlint.json");
  const kept = Object.fromEntries(names.map((name) => [name, configured.rules[name]]));
  fs.writeFileSync(config, JSON.stringify({ categories: { correctness: "off" }, rules: kept }));
  const linter = path.join(REPOSITORY, "node_modules", ".bin", "oxlint");
  const { stdout, stderr } = spawnSync(linter, ["--config", config, ...paths], { cwd: REPOSITORY, encoding: "utf8" });
  fs.rmSync(path.dirname(config), { recursive: true });
  return stdout + stderr;
}

function readText(file: string): string {
  return fs.readFileSync(path.join(REPOSITORY, file), "utf8");
}

test.run();
