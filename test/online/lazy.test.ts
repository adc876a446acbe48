import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EVERYTHING, lazyConfiguration, lazySuites, lazyTools } from "../bench/lazy-tools.ts";
import { removeTree } from "../harness/files.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { findPython, requirePython } from "../harness/python.ts";

// Real tools say the same when all imports wait, their own and those of everything that is installed; real test suites have the same
// results when the imports of the package they test wait.

const python = findPython("3.11") ?? requirePython();
const data = fs.mkdtempSync(path.join(os.tmpdir(), "online-"));
test.after(() => removeTree(data));

const TIMEOUT_MS = 900_000;

const environment = (place: Place) => ({ VIRTUAL_ENV: path.join(place.cwd, ".venv") });
const lazily = (place: Place) => ({ PYBUN_CONFIG_FILE: path.join(place.cwd, "lazy.toml") });

async function install(place: Place, requirements: readonly string[]): Promise<void> {
  const calls = [
    ...(place.exists(".venv") ? [] : [["venv", "--python", python.path, ".venv"]]),
    ["pip", "install", ...requirements],
  ];
  for (const argv of calls) {
    const { exitCode, stderr } = await place.run(argv, { timeoutMs: TIMEOUT_MS, env: environment(place) });
    assert.is(exitCode, 0, stderr);
  }
}

for (const { name, requirements = [name], command, deny } of lazyTools)
  test(
    command.join(" "),
    inPlace(
      async (place) => {
        await install(place, requirements);
        place.write({ "lazy.toml": lazyConfiguration(EVERYTHING, deny) });
        const said = async (more = {}) => {
          const env = { ...environment(place), ...more };
          const { exitCode, stdout, stderr } = await place.run(["run", ...command], { timeoutMs: TIMEOUT_MS, env });
          return { exitCode, stdout, stderr };
        };
        const plain = await said();
        assert.equal(await said(lazily(place)), plain, "rewritten");
        assert.equal(await said(lazily(place)), plain, "from the cache");
      },
      { env: { PYBUN_HOME: data, PYBUN_INDEX_URL: "" } },
    ),
  );

/** Outcome of each test, as JUnit XML has them. */
function results(file: string): readonly string[] {
  const text = fs.readFileSync(file, "utf8");
  const cases = text.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*?(?:\/>|>\s*<(\w+))/g);
  return [...cases].map(([, classname, name, outcome = "passed"]) => `${classname} ${name} ${outcome}`).sort();
}

for (const { name, package: module, requirements = [], arguments: words = [] } of lazySuites)
  test(
    `the tests of ${name}`,
    inPlace(
      async (place) => {
        await install(place, ["pytest", "setuptools", ...requirements]);
        const sources = ["pip", "download", "--no-binary", ":all:", "--no-deps", "--dest", "sources", name];
        const { exitCode, stderr } = await place.run(sources, { timeoutMs: TIMEOUT_MS, env: environment(place) });
        assert.is(exitCode, 0, stderr);
        const [archive = ""] = fs.readdirSync(path.join(place.cwd, "sources"));
        spawnSync("tar", ["xzf", path.join("sources", archive)], { cwd: place.cwd });
        const folder = archive.replace(".tar.gz", "");
        await install(place, [`./${folder}`]);
        place.write({ "lazy.toml": lazyConfiguration([module]) });
        const outcomes = async (xml: string, env = {}) => {
          const argv = [
            "run",
            "--no-sync",
            "python",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--basetemp=.pytest",
          ];
          await place.run([...argv, `--junitxml=${path.join(place.cwd, xml)}`, ...words], {
            cwd: path.join(place.cwd, folder),
            timeoutMs: TIMEOUT_MS,
            // What the tests themselves leave is their affair.
            env: {
              ...environment(place),
              PYBUN_ENV: path.join(place.cwd, ".venv"),
              TMPDIR: path.join(place.cwd, folder),
              ...env,
            },
          });
          return results(path.join(place.cwd, xml));
        };
        const plain = await outcomes("plain.xml");
        assert.ok(plain.length > 100, `${plain.length} tests`);
        const lazy = await outcomes("lazy.xml", lazily(place));
        assert.equal(lazy, plain);
      },
      { env: { PYBUN_HOME: data, PYBUN_INDEX_URL: "" } },
    ),
  );

test.run();
