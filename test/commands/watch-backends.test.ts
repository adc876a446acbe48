import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place, type Result } from "../harness/project.ts";
import { until } from "../harness/until.ts";
import { eventsIn, lines, reloads, SAY, said, watched } from "../harness/watched.ts";

const PROGRAM = `${SAY}import lib, signal\nsay(lib.value)\nsignal.pause()\n`;

/** In a user namespace of its own, where the system gives no more than so much of what inotify needs. */
const limited = (limit: string, most: number): readonly string[] => {
  const set = `echo ${most} > /proc/sys/user/${limit} && exec "$0" "$@"`;
  return ["unshare", "--user", "--map-root-user", "sh", "-c", set];
};
const [command = "", ...words] = limited("max_inotify_watches", 1);
const canLimit = process.platform === "linux" && spawnSync(command, [...words, "true"]).status === 0;
const whereLimited = canLimit ? test : test.skip;
const onLinux = process.platform === "linux" ? test : test.skip;

const messages = (result: Result): readonly string[] =>
  eventsIn(result).flatMap((event) => {
    const { diagnostic } = event as { diagnostic?: { code: string; message: string } };
    return diagnostic ? [`${diagnostic.code} ${diagnostic.message}`] : [];
  });

for (const [limit, most, reason] of [
  ["max_inotify_instances", 0, "fs.inotify.max_user_instances"],
  ["max_inotify_watches", 1, "fs.inotify.max_user_watches"],
] as const)
  whereLimited(
    `files are looked at again and again where the system gives no more than ${most} of ${limit}`,
    inPlace(async (place) => {
      place.write({ "app.py": PROGRAM, "lib.py": "value = 1\n", "deep/other.py": "" });
      const order = { words: ["watch", "--debounce", "20", "app.py"], behind: limited(limit, most) };
      const result = await watched(place, order, async () => {
        await lines(place, 1);
        place.write({ "lib.py": "value = 22\n" });
        assert.is(await lines(place, 2), "22");
        place.write({ "deep/deeper/new.py": "" });
        await lines(place, 3);
        // At once, so that no look comes in between.
        fs.renameSync(path.join(place.cwd, "deep"), path.join(place.root, "removed"));
        await lines(place, 4);
      });
      assert.equal(
        reloads(result).map(({ paths }) => paths.map((file) => path.relative(place.cwd, file))),
        [["lib.py"], ["deep/deeper/new.py"], ["deep/deeper/new.py", "deep/other.py"]],
      );
      const told = messages(result);
      assert.is(told.length, 1);
      assert.match(told[0] ?? "", "W_WATCH_POLLING");
      assert.match(told[0] ?? "", reason);
    }),
  );

/** Stands for inotifywait: notes its process and arguments, and says what is written to the pipe `events`. */
function writeWatcher(place: Place): { readonly env: Readonly<Record<string, string>> } {
  const file = path.join(place.root, "bin", "inotifywait");
  fs.mkdirSync(path.dirname(file));
  fs.writeFileSync(file, `#!/bin/sh\necho "$$ $*" > ${place.root}/called\nexec cat ${place.root}/events\n`, {
    mode: 0o755,
  });
  assert.is(spawnSync("mkfifo", [path.join(place.root, "events")]).status, 0);
  return { env: { PATH: `${path.dirname(file)}${path.delimiter}${process.env["PATH"]}` } };
}

/** Its process and arguments, once it has been started: the program may be faster. */
const calledAs = (place: Place): Promise<string> =>
  until(() => {
    const file = path.join(place.root, "called");
    const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
    return text.endsWith("\n") && text;
  }, "the watcher's start");

onLinux(
  "with --backend external inotifywait watches; when it ends, files are looked at instead",
  inPlace(async (place) => {
    place.write({ "app.py": PROGRAM, "lib.py": "value = 1\n" });
    const order = { words: ["watch", "--debounce", "20", "--backend", "external", "app.py"], ...writeWatcher(place) };
    let pid = 0;
    const result = await watched(place, order, async () => {
      await lines(place, 1);
      const called = await calledAs(place);
      pid = Number(called.split(" ")[0]);
      assert.match(called, /-m -r .*--exclude .*__pycache__/);
      assert.ok(called.trimEnd().endsWith(` ${place.cwd}`));
      const events = fs.openSync(path.join(place.root, "events"), "w");
      place.write({ "lib.py": "value = 22\n" });
      // In two pieces, and beside what is not watched.
      fs.writeSync(events, `${place.cwd}/notes.txt\n${place.cwd}/li`);
      fs.writeSync(events, "b.py\n");
      assert.is(await lines(place, 2), "22");
      // Of a folder that is new nothing but the folder is told.
      place.write({ "package/new.py": "" });
      fs.writeSync(events, `${place.cwd}/package\n`);
      await lines(place, 3);
      fs.closeSync(events);
      await until(() => !fs.existsSync(`/proc/${pid}`), "the watcher's end");
      place.write({ "lib.py": "value = 333\n" });
      assert.is(await lines(place, 4), "333");
    });
    assert.equal(
      eventsIn(result)
        .filter(({ type }) => type === "WatchStart")
        .map((event) => (event as unknown as { backend: string }).backend),
      ["inotifywait"],
    );
    assert.equal(
      reloads(result).map(({ paths }) => paths.map((file) => path.relative(place.cwd, file))),
      [["lib.py"], ["package/new.py"], ["lib.py"]],
    );
    const told = messages(result);
    assert.is(told.length, 1);
    assert.match(told[0] ?? "", /W_WATCH_POLLING .*`inotifywait` ended/);
  }),
);

onLinux(
  "the other program ends with PyBun, not with the program that is started again; where there is none, that is said",
  inPlace(async (place) => {
    place.write({ "app.py": PROGRAM, "lib.py": "value = 1\n" });
    const order = { words: ["watch", "--debounce", "20", "--backend", "external", "app.py"], ...writeWatcher(place) };
    let called = "";
    await watched(place, order, async () => {
      await lines(place, 1);
      called = await calledAs(place);
      const events = fs.openSync(path.join(place.root, "events"), "w");
      for (const value of [22, 333]) {
        place.write({ "lib.py": `value = ${value}\n` });
        fs.writeSync(events, `${place.cwd}/lib.py\n`);
        await until(() => said(place).at(-1) === String(value), `${value}`);
      }
      fs.closeSync(events);
    });
    assert.is(await calledAs(place), called);
    await until(() => !fs.existsSync(`/proc/${called.split(" ")[0]}`), "the watcher's end");

    fs.rmSync(path.join(place.root, "bin"), { recursive: true });
    const python = path.join(place.root, "only");
    fs.mkdirSync(python);
    const without = await place.run(order.words, { env: { PATH: python } });
    assert.is(without.exitCode, 3);
    assert.match(without.stderr, /E_WATCH_BACKEND.*`inotifywait`/s);
  }),
);

test.run();
