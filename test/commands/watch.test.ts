import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace } from "../harness/project.ts";
import { until } from "../harness/until.ts";
import { eventsIn, lines, quiet, reloads, SAY, said, watched } from "../harness/watched.ts";

const onUnix = process.platform === "win32" ? test.skip : test;
const ONCE = `${SAY}import os, signal\nsay('run', os.getpid())\nsignal.pause()\n`;

onUnix(
  "each save is one new start, however it is written; what is left out is none",
  inPlace(async (place) => {
    place.write({ "app.py": ONCE, "lib.py": "" });
    const result = await watched(place, ["watch", "--debounce", "150", "app.py"], async () => {
      await lines(place, 1);
      place.write({ "lib.py": "a = 1\n" });
      await lines(place, 2);
      place.write({ "lib.py.new": "a = 2\n" });
      fs.renameSync(path.join(place.cwd, "lib.py.new"), path.join(place.cwd, "lib.py"));
      await lines(place, 3);
      fs.renameSync(path.join(place.cwd, "lib.py"), path.join(place.cwd, "lib.py~"));
      place.write({ "lib.py": "a = 3\n" });
      fs.rmSync(path.join(place.cwd, "lib.py~"));
      await lines(place, 4);
      place.write(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`burst/deep/m${n}.py`, "x = 1\n"])));
      await lines(place, 5);
      place.write({ "node_modules/a.py": "", "notes.txt": "", "build/x.py": "", ".git/a.py": "" });
      place.write({ "burst/deep/m3.py": "x = 2\n" });
      await lines(place, 6);
    });
    assert.is(result.exitCode, 130);
    assert.equal(
      reloads(result).map(({ action, paths }) => [action, paths.length]),
      [1, 1, 1, 20, 1].map((count) => ["restart", count]),
    );
    assert.is(new Set(said(place)).size, 6, "each start is another process");
  }),
);

onUnix(
  "all that the program has started ends with it",
  inPlace(async (place) => {
    const child = "import signal\nsignal.pause()";
    place.write({
      "app.py": `${SAY}import os, signal, subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', ${JSON.stringify(child)}])\nsay(os.getpid(), child.pid)\nsignal.pause()\n`,
    });
    const isAlive = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
        return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
      } catch {
        return false;
      }
    };
    await watched(place, ["watch", "--debounce", "20", "app.py"], async () => {
      const first = (await lines(place, 1)).split(" ").map(Number);
      place.write({ "other.py": "" });
      await lines(place, 2);
      assert.equal(first.filter(isAlive), []);
    });
    for (const pid of said(place).flatMap((line) => line.split(" ").map(Number)))
      await until(() => !isAlive(pid), `end of ${pid}`);
  }),
);

onUnix(
  "a program that ended or can't be loaded is run again by the next save",
  inPlace(async (place) => {
    place.write({ "app.py": `${SAY}say('one')\n` });
    const result = await watched(place, ["watch", "--debounce", "20", "app.py"], async () => {
      await lines(place, 1);
      place.write({ "app.py": `${SAY}say('two'\n` });
      place.write({ "mark.py": "" });
      await until(() => fs.existsSync(path.join(place.cwd, "mark.py")), "the mark");
      place.write({ "app.py": `${SAY}say('three')\n` });
      await until(() => said(place).includes("three"), "three");
    });
    assert.is(result.exitCode, 130);
    assert.not(said(place).includes("two"));
  }),
);

const HOT = {
  "app.py": `${SAY}import os, time\nimport lib\nfrom lib import greet\ndef main():\n    last = None\n    while True:\n        now = (os.getpid(), lib.greet(), greet(), lib.Shop().price())\n        if now != last:\n            say(*now)\n        last = now\n        time.sleep(0.01)\nif __name__ == '__main__':\n    main()\n`,
  "lib.py":
    "def wrap(f):\n    def inner():\n        return f() + '.'\n    return inner\n@wrap\ndef greet():\n    return 'hello'\nclass Shop:\n    def price(self):\n        return 1\n",
};

onUnix(
  "hot reload patches what runs, tells of a syntax error, and starts again with the reason where it can't patch",
  inPlace(async (place) => {
    place.write(HOT);
    const edit = (from: string, to: string) => place.write({ "lib.py": place.read("lib.py").replace(from, to) });
    const result = await watched(place, ["watch", "--hot-reload", "app.py"], async () => {
      const [pid] = (await lines(place, 1)).split(" ");
      await quiet(pid);
      edit("'hello'", "'bye'");
      assert.is(await lines(place, 2), `${pid} bye. bye. 1`);
      edit("+ '.'", "+ '!'");
      assert.is(await lines(place, 3), `${pid} bye! bye! 1`);
      edit("return 1", "return 2 +");
      edit("return 2 +", "return 3");
      assert.is(await lines(place, 4), `${pid} bye! bye! 3`);
      edit("class Shop:", "class Shop(dict):");
      assert.not((await lines(place, 5)).startsWith(`${pid} `));
    });
    const told = reloads(result).filter(({ action }) => action !== "none");
    assert.equal(
      told.map(({ action }) => action),
      ["patch", "patch", "patch", "restart"],
    );
    assert.match(told.at(-1)?.reason ?? "", /the bases or decorators of Shop changed/);
  }),
);

onUnix(
  "the profile dev and `run --watch` do the same",
  inPlace(async (place) => {
    place.write(HOT);
    const result = await watched(place, ["run", "--profile", "dev", "--watch", "app.py"], async () => {
      const [pid] = (await lines(place, 1)).split(" ");
      await quiet(pid);
      place.write({ "lib.py": place.read("lib.py").replace("'hello'", "'bye'") });
      assert.is(await lines(place, 2), `${pid} bye. bye. 1`);
    });
    assert.equal(
      reloads(result).map(({ action }) => action),
      ["patch"],
    );
  }),
);

onUnix(
  "a program does not meet what PyBun has in it",
  inPlace(async (place) => {
    place.write({
      "app.py": `${SAY}import os, sys, threading, time, warnings
warnings.simplefilter('error')
def descriptor():  # that of a file being read meanwhile is free again at once
    number = os.open('/dev/null', os.O_RDONLY)
    os.close(number)
    time.sleep(0.01)
    return number
say(sorted(name for name in sys.modules if 'pybun' in name), [key for key in os.environ if key.startswith(('PYBUN_WATCH', 'PYTHONPATH'))])
say(threading.active_count(), threading.enumerate() == [threading.main_thread()], min(descriptor() for _ in range(20)))
pid = os.fork()
if pid == 0:
    os._exit(7)
say(os.waitpid(pid, 0)[1] >> 8)
import multiprocessing
if __name__ == '__main__':
    with multiprocessing.get_context('fork').Pool(2) as pool:
        say(sum(pool.map(abs, [-1, -2, -3])))
`,
    });
    await watched(place, ["watch", "--hot-reload", "app.py"], async () => {
      await lines(place, 4);
    });
    assert.equal(said(place), ["[] []", "1 True 3", "7", "6"]);
  }),
);

onUnix(
  "what Python keeps of a file is not run in place of another of the same second and size",
  inPlace(async (place) => {
    place.write({ "app.py": `${SAY}import lib, signal\nsay(lib.value)\nsignal.pause()\n`, "lib.py": "value = 1\n" });
    const second = new Date(Math.floor(Date.now() / 1000) * 1000);
    const save = (value: number): void => {
      place.write({ "next.txt": `value = ${value}\n` });
      const next = path.join(place.cwd, "next.txt");
      fs.utimesSync(next, second, second);
      fs.renameSync(next, path.join(place.cwd, "lib.py"));
    };
    save(1);
    await watched(place, ["watch", "--debounce", "20", "app.py"], async () => {
      assert.is(await lines(place, 1), "1");
      assert.ok(place.exists("__pycache__"));
      save(2);
      assert.is(await lines(place, 2), "2");
    });
  }),
);

onUnix(
  "with --no-reload changes are only told; what can't be run at all ends the watch",
  inPlace(async (place) => {
    place.write({ "app.py": ONCE });
    const result = await watched(place, ["watch", "--debounce", "20", "--no-reload", "app.py"], async () => {
      await lines(place, 1);
      place.write({ "other.py": "" });
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    assert.is(said(place).length, 1);
    assert.is(eventsIn(result).filter(({ type }) => type === "WatchChange").length, 1);
    const missing = await place.run(["watch", "no-such-file.py"]);
    assert.is(missing.exitCode, 2);
    assert.match(missing.stderr, /E_TARGET_NOT_FOUND/);
    const external = await place.run(["watch", "--shell-command", "app.py"]);
    assert.match(external.stdout, /^(inotifywait|fswatch) .*pybun run app\.py/);
  }),
);

test.run();
