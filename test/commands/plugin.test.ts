import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place } from "../harness/project.ts";

const ok = async (place: Place, ...argv: string[]) => {
  const result = await place.run(argv);
  assert.is(result.exitCode, 0, result.stderr);
  return result;
};

test(
  "new writes a plugin that check finds nothing in, and that works once it is agreed to",
  inPlace(async (place) => {
    await ok(place, "plugin", "new", "acme");
    assert.is((await ok(place, "--format=json", "plugin", "check", "acme")).json().data["findings"]?.toString(), "");
    await ok(place, "plugin", "add", "--user", "./acme");
    assert.is((await ok(place, "acme", "hello", "Ada")).stdout, "hello, Ada\n");
    assert.equal((await ok(place, "--format=json", "acme", "hello", "--shout")).json().data, {
      greeting: "HELLO, WORLD",
    });
    assert.match((await ok(place, "-v", "acme", "hello")).stderr, "acme: 0 downloads");
    assert.match((await ok(place, "help", "acme")).stdout, "greet somebody");
    await ok(place, "plugin", "remove", "./acme", "--user");
    assert.is((await place.run(["acme", "hello"])).exitCode, 2);
  }),
);

test(
  "a plugin a project names does not run before it is agreed to, nor after it has changed",
  inPlace(async (place) => {
    const marker = path.join(place.root, "it-ran");
    place.write({
      "pyproject.toml": '[tool.pybun]\nplugins = ["./tools/spy.ts"]\n',
      "tools/spy.ts": `import fs from "node:fs"; fs.writeFileSync(${JSON.stringify(marker)}, ""); export default {};`,
    });
    const refused = await place.run(["--format=json", "python", "list"]);
    assert.is(refused.exitCode, 6);
    const [diagnostic] = refused.json().diagnostics as unknown as readonly { code: string; evidence: string[] }[];
    assert.is(diagnostic?.code, "E_PLUGIN_CHANGED");
    assert.match(diagnostic?.evidence.join("\n") ?? "", "pyproject.toml:2");
    assert.not(fs.existsSync(marker));
    assert.match((await ok(place, "plugin", "list", "--added")).stdout, "never agreed");
    await ok(place, "plugin", "new", "good");
    await ok(place, "plugin", "add", "./good");
    place.write({ "pyproject.toml": "" });
    await ok(place, "good", "hello");
    fs.appendFileSync(path.join(place.cwd, "good", "hello.ts"), "\n// changed\n");
    assert.is((await place.run(["good", "hello"])).exitCode, 6);
    assert.not(fs.existsSync(marker));
  }),
);

test(
  "nothing in the working directory acts inside the executable",
  inPlace(async (place) => {
    const marker = path.join(place.root, "it-ran");
    const code = `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "")`;
    place.write({
      "bunfig.toml": 'preload = ["./preload.js"]\n',
      "preload.js": code,
      ".env": "PYBUN_FORMAT=json\nPYBUN_OFFLINE=perhaps\n",
      "tsconfig.json": '{ "compilerOptions": { "paths": { "*": ["./preload.js"] } } }',
      "package.json": '{ "main": "./preload.js" }',
      "sitecustomize.py": `open(${JSON.stringify(marker)}, "w")`,
    });
    for (const argv of [["python", "list"], ["--version"], ["help"], ["--format=json", "python", "which"]])
      await ok(place, ...argv);
    assert.not(fs.existsSync(marker));
  }),
);

test(
  "a plugin that fails is named, in one valid envelope",
  inPlace(async (place) => {
    const manifest = (body: string) =>
      `import { command, definePlugin } from "pybun/plugin-api";
       const spec = { summary: "Fail", brief: "fail", options: {}, maturity: "preview", group: "More" };
       export default definePlugin({ name: "bad", version: "1", apiVersion: 1, summary: "", maturity: "preview", ${body} });`;
    const cases: readonly (readonly [what: string, body: string, code: string, exitCode: number])[] = [
      [
        "throws in a command",
        'commands: { bad: command(spec, async () => ({ default: async () => { throw new TypeError("oh"); } })) }',
        "E_PLUGIN",
        70,
      ],
      ["clashes", "commands: { run: command(spec, async () => ({ default: async () => ({}) })) }", "E_PLUGIN_CLASH", 3],
      ["speaks another interface", "apiVersion: 99", "E_PLUGIN_API", 3],
      ["does not parse", "}}}", "E_PLUGIN", 70],
    ];
    for (const [what, body, code, exitCode] of cases) {
      place.write({ "bad.ts": manifest(body), "pybun.toml": 'plugins = ["./bad.ts"]\n' });
      await ok(place, "plugin", "add", "--trust-only", "./bad.ts");
      const result = await place.run(["--format=json", "--config-file", "pybun.toml", "bad"]);
      assert.is(result.exitCode, exitCode, `${what}: ${result.stdout}${result.stderr}`);
      assert.is((result.json().diagnostics[0] as { code: string }).code, code, what);
      assert.is(result.stderr, "", what);
    }
    place.write({
      "bad.ts": manifest(
        'observe: { load: async () => ({ default: () => () => { throw new Error("seen too much"); } }) }',
      ),
    });
    await ok(place, "plugin", "add", "--trust-only", "./bad.ts");
    const observed = await place.run(["--config-file", "pybun.toml", "python", "which"]);
    assert.is(observed.exitCode, 0);
    assert.match(observed.stderr, "seen too much");
  }),
);

test(
  "a preset in a file brings its plugin, its defaults and its locks",
  inPlace(async (place) => {
    await ok(place, "plugin", "new", "acme");
    place.write({
      "preset.ts": `import { definePreset } from "pybun/plugin-api";
        import acme from "./acme/index.ts";
        export default definePreset({ name: "company", extends: "default", without: ["completions"], plugins: [acme], locked: { offline: true } });`,
    });
    assert.is((await place.run(["--preset", "./preset.ts", "acme", "hello"])).exitCode, 6);
    await ok(place, "plugin", "add", "--trust-only", "./preset.ts");
    assert.is((await ok(place, "--preset", "./preset.ts", "acme", "hello")).stdout, "hello, world\n");
    assert.is(
      (await ok(place, "--preset", "./preset.ts", "--format=json", "--version")).json().data["preset"],
      "company",
    );
    const loosened = await place.run(["--preset", "./preset.ts", "--no-offline", "acme", "hello"]);
    assert.is(loosened.exitCode, 6);
    assert.match(loosened.stderr, "E_POLICY");
    assert.is((await place.run(["--preset", "nowhere", "help"])).exitCode, 3);
  }),
);

test(
  "what the shipped presets promise holds",
  inPlace(async (place) => {
    assert.is((await place.run(["--preset", "minimal", "x", "ruff"])).exitCode, 2);
    place.write({ "pyproject.toml": '[tool.pybun]\nplugins = ["./spy.ts"]\n', "spy.ts": "export default {};" });
    const refused = await place.run([
      "--preset",
      "enterprise",
      "--index-strategy",
      "unsafe-best-match",
      "python",
      "list",
    ]);
    assert.is(refused.exitCode, 6, refused.stderr);
    place.write({ "pyproject.toml": "" });
    const loosened = await place.run([
      "--preset",
      "enterprise",
      "--index-strategy",
      "unsafe-best-match",
      "python",
      "list",
    ]);
    assert.match(loosened.stderr, "error[E_POLICY]: `index-strategy` is fixed by preset enterprise");
    assert.is((await ok(place, "--preset", "enterprise", "config", "get", "no-build")).stdout, "true\n");
  }),
);

test.run();
