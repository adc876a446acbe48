import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place, type Running } from "../harness/project.ts";

const PROJECT = `[project]
name = "shop"
version = "1"
requires-python = ">=3.9"
dependencies = []
`;
const releases = [
  { name: "alpha", version: "1.0" },
  { name: "beta", version: "1.0" },
] as const;

/** An index that takes long enough for something else to be done meanwhile. */
const slow = () => startIndex({ packages: releases, faults: [{ url: "*.whl", "delay-ms": 1500 }] });

/** Waits for a condition, no longer than the command runs. */
async function until(condition: () => boolean, ended: Promise<unknown>): Promise<void> {
  const state = { isEnded: false };
  void ended.finally(() => {
    state.isEnded = true;
  });
  while (!condition() && !state.isEnded) await new Promise((resolve) => setImmediate(resolve));
}

/** Runs `meanwhile` when the command waits for a file. */
async function whileItWaits(place: Place, words: readonly string[], meanwhile: (running: Running) => void) {
  const index = await slow();
  try {
    const running = place.start(words, { env: { PYBUN_INDEX_URL: index.url } });
    await until(() => index.count("file") > 0, running.ended);
    meanwhile(running);
    return await running.ended;
  } finally {
    await index.stop();
  }
}

test(
  "what is written into the project meanwhile is not overwritten: the command begins again with that text",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const theirs = `${PROJECT}\n# written while a command ran\n[dependency-groups]\ndev = ["beta"]\n`;
    const { exitCode, stderr } = await whileItWaits(place, ["add", "alpha"], () =>
      place.write({ "pyproject.toml": theirs }),
    );
    assert.equal([exitCode, stderr], [0, ""]);
    assert.is(place.read("pyproject.toml"), theirs.replace("[]", '[\n    "alpha>=1.0",\n]'));
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    assert.is((await place.run(["run", "-c", "import alpha, beta"])).exitCode, 0);
  }),
);

test(
  "a project's file that is removed meanwhile is told, and not made anew",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const { exitCode, stderr } = await whileItWaits(place, ["add", "alpha"], () =>
      fs.rmSync(path.join(place.cwd, "pyproject.toml")),
    );
    assert.is(exitCode, 3);
    assert.match(stderr, "error[E_PROJECT_CHANGED]: pyproject.toml was removed by somebody else meanwhile\n");
    assert.equal([place.exists("pyproject.toml"), place.exists("pybun.lockb")], [false, false]);
  }),
);

test(
  "interrupted: everything is as it was",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const { exitCode } = await whileItWaits(place, ["add", "alpha"], (running) => running.kill("SIGINT"));
    assert.is(exitCode, 130);
    assert.equal(
      [place.read("pyproject.toml"), place.exists("pybun.lockb"), place.exists(".pybun/venv")],
      [PROJECT, false, false],
    );
  }),
);

test(
  "a change that was left in the middle is completed by the next command, whatever that is",
  inPlace(async (place) => {
    const index = await startIndex({ packages: releases });
    try {
      place.write({ "pyproject.toml": PROJECT });
      const env = { PYBUN_INDEX_URL: index.url };
      await place.run(["add", "alpha", "--no-sync"], { env });
      const [text, lock] = ["pyproject.toml", "pybun.lockb"].map((name) => fs.readFileSync(path.join(place.cwd, name)));
      // As a command that was killed behind the first of two moves leaves it.
      const work = path.join(place.cwd, ".pybun/change");
      fs.mkdirSync(work, { recursive: true });
      fs.rmSync(path.join(place.cwd, "pybun.lockb"));
      fs.writeFileSync(path.join(work, "file-1"), lock as Buffer);
      const steps = [
        { kind: "put", from: "file-0", to: "../pyproject.toml", was: "0".repeat(64) },
        { kind: "put", from: "file-1", to: "../pybun.lockb", was: "" },
      ];
      fs.writeFileSync(path.join(work, "journal.json"), JSON.stringify({ steps }));
      fs.writeFileSync(path.join(place.cwd, ".pybun/change.json"), JSON.stringify({ beside: [] }));
      const { exitCode } = await place.run(["config", "list"], { env });
      assert.is(exitCode, 0);
      assert.equal(fs.readFileSync(path.join(place.cwd, "pybun.lockb")), lock);
      assert.equal(fs.readFileSync(path.join(place.cwd, "pyproject.toml")), text);
      assert.equal([place.exists(".pybun/change"), place.exists(".pybun/change.json")], [false, false]);
    } finally {
      await index.stop();
    }
  }),
);

test.run();
