import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BACKENDS } from "../../plugins/project/commands.ts";
import { inPlace } from "../harness/project.ts";
import { findPython, requirePython } from "../harness/python.ts";

// New projects with the build backends there really are: installed, run, tested with pytest, and built into a wheel by pip.

const python = findPython("3.12") ?? requirePython();

for (const backend of BACKENDS)
  for (const layout of ["src", "flat"] as const)
    test(
      `a project that ${backend} builds, ${layout}`,
      inPlace(async (place) => {
        const env = { PYBUN_INDEX_URL: process.env["TEST_ONLINE_INDEX"], PYBUN_PYTHON: python.path };
        const kind = layout === "src" ? "--app" : "--lib";
        const words = ["--build-backend", backend, "--layout", layout, "--license", "MIT", "--description", 'A "test"'];
        const made = await place.run(["init", "my-shop", "-y", kind, ...words], { env });
        assert.is(made.exitCode, 0, made.stderr);
        const there = { env, cwd: path.join(place.cwd, "my-shop") };
        const tested = await place.run(["run", "pytest", "-q"], there);
        assert.match(tested.stdout, "1 passed", tested.stderr);
        if (kind === "--app") assert.is((await place.run(["run", "my-shop"], there)).stdout, "Hello, world!\n");
        const built = await place.run(["pip", "wheel", "--no-deps", "-w", "../wheels", "."], there);
        assert.is(built.exitCode, 0, built.stderr);
        assert.equal(fs.readdirSync(path.join(place.cwd, "wheels")), ["my_shop-0.1.0-py3-none-any.whl"]);
      }),
    );

test.run();
