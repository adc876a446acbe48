import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hasServed, oneDaemon, PROJECT, withDaemon } from "../harness/daemons.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { until } from "../harness/until.ts";

// What asks a daemon before the runtime starts is for Linux on x86-64.
if (process.platform !== "linux" || process.arch !== "x64") {
  console.log("skipped: the client is for Linux on x86-64");
  process.exit(0);
}

const index = await startIndex({
  packages: [
    { name: "beta", version: "1.0" },
    { name: "slow", version: "1.0" },
  ],
  faults: [{ url: "*slow*", hang: true }],
});
const long = fs.mkdtempSync(path.join(os.tmpdir(), "long-".repeat(24)));
test.after(async () => {
  fs.rmdirSync(long);
  await index.stop();
});

const COMMAND = ["add", "--dry-run", "beta"];

/** A daemon is found under these variables, and in a data directory of this name. */
const FOUND: readonly (readonly [what: string, env: Readonly<Record<string, string>>, under?: string])[] = [
  ["a path that no socket may have", {}, long],
  [
    "variables that are read at the start, whatever their order",
    { TZ: "Europe/Berlin", LC_TIME: "C", LC_ALL: "C.UTF-8", LC_ALL1: "ä", LANG: "", NODE_X: "€ 1\n2", MALLOC_X: "=" },
  ],
  ["an empty time zone", { TZ: "" }],
  ["many of them", Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`LC_${at}`, "x".repeat(at)]))],
];
for (const [what, env, under] of FOUND)
  test(
    `a daemon is found with ${what}`,
    withDaemon(
      async (place) => {
        const before = (await oneDaemon(place)).served;
        const { exitCode, stderr } = await place.run(COMMAND);
        assert.is(exitCode, 0, stderr);
        await hasServed(place, before + 1);
      },
      { index, env, ...(under && { under }) },
    ),
  );

const LEFT: readonly (readonly [what: string, call: Parameters<Place["run"]>[1]])[] = [
  [
    "words and variables are very long",
    { env: { A: "x".repeat(120_000), B: "x".repeat(120_000), C: "x".repeat(60_000) } },
  ],
  ["a word names a place of its own", { behind: ["/bin/sh", "-c", 'exec "$@" -r /dev/fd/7 7<pyproject.toml', "sh"] }],
  ["a stream is closed", { behind: ["/bin/sh", "-c", 'exec "$@" <&-', "sh"] }],
  ["the folder is gone", { behind: ["/bin/sh", "-c", 'mkdir gone; cd gone; rmdir ../gone; exec "$@"', "sh"] }],
  ["it may use less", { behind: ["/bin/sh", "-c", 'ulimit -c 0; ulimit -t 1000; exec "$@"', "sh"] }],
];
for (const [what, call] of LEFT)
  test(
    `the process itself runs the command where ${what}`,
    withDaemon(
      async (place) => {
        const before = (await oneDaemon(place)).served;
        const ended = await place.run(COMMAND, call);
        const plain = await place.run(COMMAND, { ...call, env: { ...call?.env, PYBUN_DAEMON: "off" } });
        assert.equal([ended.exitCode, ended.stderr], [plain.exitCode, plain.stderr]);
        assert.is((await oneDaemon(place)).served, before);
      },
      { index },
    ),
  );

test(
  "a signal that the caller ignores stops nothing, and one that comes while the process is stopped is not lost",
  withDaemon(
    async (place) => {
      const asked = index.requests.length;
      const running = place.start(["add", "slow"], { behind: ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh"] });
      await until(() => index.requests.length > asked, "it asks the index");
      running.kill("SIGHUP");
      running.kill("SIGSTOP");
      running.kill("SIGINT");
      running.kill("SIGCONT");
      const { exitCode, stderr } = await running.ended;
      assert.is(exitCode, 130, stderr);
      assert.is(place.read("pyproject.toml"), PROJECT);
    },
    { index },
  ),
);

test(
  "a start that asks nobody leaves signals as they were",
  inPlace(
    async (place) => {
      const script = "import signal; print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))";
      const { stdout, stderr } = await place.run(["run", "-c", script], { env: { PYBUN_DAEMON: "on" } });
      assert.is(stdout, "[]\n", stderr);
    },
    { index },
  ),
);

test.run();
