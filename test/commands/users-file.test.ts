import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

// What is named for output need not be a file that can be replaced.

const index = await startIndex({ packages: [{ name: "alpha", version: "1.0" }] });
test.after(() => index.stop());

const PROJECT = `[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["alpha"]\n`;
const placed = (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      assert.is((await place.run(["lock"])).exitCode, 0);
      await body(place);
    },
    { index },
  );

const COMMANDS: readonly (readonly string[])[] = [
  ["export", "-o"],
  ["pip", "compile", "pyproject.toml", "-o"],
  ["pip", "install", "alpha", "--dry-run", "--report"],
  ["dx", "pack", "pyproject.toml", "-o"],
  ["lazy-import", "-o"],
];
for (const words of COMMANDS) {
  const name = words.join(" ");
  test(
    `${name}: a pipe gets the text, and stays a pipe`,
    placed(async (place) => {
      const pipe = path.join(place.cwd, "pipe");
      if (spawnSync("mkfifo", [pipe]).status !== 0) return;
      const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "ignore"] });
      let heard = "";
      reader.stdout.on("data", (bytes: Buffer) => (heard += bytes.toString("latin1")));
      const ended = new Promise((resolve) => reader.on("close", resolve));
      const { exitCode, stderr } = await place.run([...words, pipe]);
      if (exitCode !== 0) reader.kill();
      await ended;
      assert.is(exitCode, 0, stderr);
      assert.ok(heard.length > 40, heard);
      assert.ok(fs.lstatSync(pipe).isFIFO());
    }),
  );

  test(
    `${name}: what a link leads to is written, with the permissions it has`,
    placed(async (place) => {
      place.write({ "real.txt": "" });
      const [real, link] = ["real.txt", "link.txt"].map((file) => path.join(place.cwd, file)) as [string, string];
      fs.chmodSync(real, 0o600);
      fs.symlinkSync("real.txt", link);
      const { exitCode, stderr } = await place.run([...words, link]);
      assert.is(exitCode, 0, stderr);
      assert.ok(fs.lstatSync(link).isSymbolicLink());
      const { mode, size } = fs.statSync(real);
      assert.is(mode & 0o777, 0o600);
      assert.ok(size > 40);
    }),
  );
}

test(
  "a device stays what it is",
  placed(async (place) => {
    const device = path.join(place.cwd, "null");
    // Only root can make one; the system's own would be gone for all if this failed.
    if (spawnSync("mknod", ["-m", "666", device, "c", "1", "3"], { stdio: "ignore" }).status !== 0) return;
    for (const words of COMMANDS) {
      const { exitCode, stderr } = await place.run([...words, device]);
      assert.is(exitCode, 0, `${words.join(" ")}: ${stderr}`);
      assert.ok(fs.statSync(device).isCharacterDevice(), words.join(" "));
    }
  }),
);

test.run();
