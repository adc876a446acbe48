import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { removeTree } from "../harness/files.ts";
import { inPlace } from "../harness/project.ts";
import { findPython, requirePython } from "../harness/python.ts";

// Every name that can be imported in large environments of real packages: the same kind and the same file as importlib finds.

const SETS: Readonly<Record<string, readonly [python: string, ...requirements: string[]]>> = {
  science: ["3.12", "numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "sympy", "statsmodels", "networkx"],
  notebooks: ["3.11", "jupyter", "ipywidgets"],
  cloud: [
    "3.13",
    "django",
    "flask",
    "fastapi",
    "uvicorn[standard]",
    "sqlalchemy",
    "boto3",
    "google-cloud-storage",
    "azure-storage-blob",
    "celery",
    "requests",
    "rich",
    "pydantic",
    "httpx",
    "aiohttp",
    "opentelemetry-sdk",
  ],
};
const data = fs.mkdtempSync(path.join(os.tmpdir(), "modules-"));
test.after(() => removeTree(data));

interface Compared {
  readonly count: number;
  readonly benchmark: { readonly different: readonly unknown[] };
}

for (const [name, [version, ...requirements]] of Object.entries(SETS))
  test(
    `every module of the ${name} set is found as importlib finds it`,
    inPlace(async (place) => {
      const python = findPython(version) ?? requirePython();
      const env = {
        PYBUN_HOME: data,
        VIRTUAL_ENV: path.join(place.cwd, "env"),
        PYBUN_INDEX_URL: process.env["TEST_ONLINE_INDEX"],
      };
      const run = async (...words: string[]) => {
        const result = await place.run(words, { env, timeoutMs: 900_000 });
        assert.is(result.exitCode, 0, result.stderr + result.stdout.slice(0, 2000));
        return result;
      };
      await run("venv", "env", "--python", python.path);
      await run("pip", "install", ...requirements);
      const { count, benchmark } = (await run("module-find", "--benchmark", "--format=json")).json()
        .data as unknown as Compared;
      assert.equal(benchmark.different, []);
      assert.ok(count > 4000, `${count} modules`);
    }),
  );

test.run();
