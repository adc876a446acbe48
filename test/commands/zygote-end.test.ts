import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleanEnvironment } from "../harness/clean-environment.ts";
import { executablePath } from "../harness/executable.ts";
import { FORKED, one, servedWith, servers, warm } from "../harness/fork-server.ts";
import { createPlace, inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";
import { processesBelow } from "../harness/stragglers.ts";
import { until } from "../harness/until.ts";

// Forks of a started Python are for Linux.
if (process.platform !== "linux") {
  console.log("skipped: fork servers are for Linux");
  process.exit(0);
}

const served = servedWith();

test(
  "a program that dies by a signal, is sent one, or is killed",
  served(async (place) => {
    place.write({
      "die.py": "import os, signal, sys; os.kill(os.getpid(), getattr(signal, sys.argv[1]))",
      "wait.py":
        "import signal, sys, time, os\nsignal.signal(signal.SIGTERM, lambda *a: (print('told', flush=True), sys.exit(7)))\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n",
    });
    await warm(place, ["die.py", "SIGCONT"]);
    for (const [name, status] of [
      ["SIGTERM", 143],
      ["SIGSEGV", 139],
      ["SIGKILL", 137],
      ["SIGINT", 130],
    ] as const)
      assert.is((await place.run(["run", "die.py", name])).exitCode ?? status, status, name);
    await place.run(["run", "wait.py"], { stdin: "", timeoutMs: 1 }).catch(() => undefined);
    const told = place.start(["run", "wait.py"]);
    await until(async () => (await servers(place)).some(({ running }) => running > 0), "it runs");
    told.kill("SIGTERM");
    const ended = await told.ended;
    assert.match(ended.stdout, /^\d+\ntold\n$/);
    assert.is(ended.exitCode, 7);
    const killed = place.start(["run", "wait.py"]);
    await until(async () => (await servers(place)).some(({ running }) => running > 0), "it runs");
    killed.kill("SIGKILL");
    await killed.ended;
    await until(async () => (await one(place)).running === 0, "the program is gone, too");
  }),
);

/** Runs a program in the background, and does something with `$pid` as soon as it says that it is ready. */
const ready = (then: string): readonly string[] => [
  "/bin/sh",
  "-c",
  `rm -f ready; "$0" "$@" & pid=$!; while [ ! -e ready ]; do :; done; ${then}; wait $pid; echo $?`,
];
const STATE = "grep -q '^State:.T' /proc/$pid/status";

test(
  "a signal that comes at once, a stop, and going on",
  served(async (place) => {
    place.write({
      "told.py":
        "import signal, time, sys\nsignal.signal(signal.SIGUSR1, lambda *_: sys.exit(21))\nopen('ready', 'w').close()\ntime.sleep(30)\n",
      "stops.py":
        "import os, signal\nsignal.signal(signal.SIGCONT, lambda *_: print('goes on'))\nopen('ready', 'w').close()\nfor _ in range(2): os.kill(os.getpid(), signal.SIGSTOP)\nprint('ends')\n",
      "writes.py":
        "import time\nwith open('f', 'w', 1) as file:\n    open('ready', 'w').close()\n    while True: print(file=file); time.sleep(0.01)\n",
      "short.py": "print(2)",
    });
    await warm(place, ["short.py"]);
    for (let times = 0; times < 5; times++)
      assert.is((await place.run(["run", "told.py"], { behind: ready("kill -USR1 $pid") })).stdout, "21\n");
    const goOn = `until ${STATE}; do :; done; kill -CONT $pid`;
    const goesOn = await place.run(["run", "stops.py"], { behind: ready(`${goOn}; sleep 0.2; ${goOn}`) });
    assert.is(goesOn.stdout, "goes on\ngoes on\nends\n0\n");
    const isStill = "a=$(wc -c < f); sleep 0.2; [ $a = $(wc -c < f) ]";
    const held = `kill -STOP $pid; until ${isStill}; do :; done; kill -CONT $pid; while ${isStill}; do :; done; kill -TERM $pid`;
    assert.is((await place.run(["run", "writes.py"], { behind: ready(held) })).stdout, "143\n");
  }),
);

test(
  "a server ends when nobody asks it, and at once when it is told to",
  inPlace(
    async (place) => {
      place.write({ "app.py": "print(1)" });
      await warm(place, ["app.py"]);
      await until(async () => (await servers(place)).length === 0, "it has ended");
      await warm(place, ["app.py"]);
      const stopped = await place.run(["zygote", "stop"]);
      assert.is(stopped.stdout || stopped.stderr, "Ended 1 fork server\n");
      assert.equal(await servers(place), []);
      assert.is((await place.run(["zygote", "stop"])).exitCode, 0);
      assert.is((await place.run(["run", "app.py"])).stdout, "1\n");
    },
    { env: { ...FORKED, PYBUN_ZYGOTE_IDLE: "1" } },
  ),
);

test("a server that is killed is told of, and the next run does without", async () => {
  const place = createPlace({ env: FORKED });
  try {
    place.write({ "app.py": "import time; print(1, flush=True); time.sleep(30)", "short.py": "print(2)" });
    await warm(place, ["short.py"]);
    const { pid } = await one(place);
    const running = place.start(["run", "app.py"]);
    running.kill("SIGTERM");
    await running.ended;
    const second = place.start(["run", "short.py"]);
    process.kill(pid, "SIGKILL");
    await second.ended;
    assert.is((await place.run(["run", "short.py"])).stdout, "2\n");
  } finally {
    await place.run(["zygote", "stop"]);
    place.remove();
  }
});

/** An environment for the programs, with a module of these lines that runs whenever Python starts. */
async function environmentWith(place: Place, starting: string, more: Readonly<Record<string, string>> = {}) {
  const { path: python, version } = requirePython();
  await place.run(["venv", "--python", python, ".venv"]);
  const inside = { "starting.py": starting, "starting.pth": "import starting\n", ...more };
  for (const [name, text] of Object.entries(inside))
    place.write({ [`.venv/lib/python3.${version[1]}/site-packages/${name}`]: text });
  return { env: { VIRTUAL_ENV: path.join(place.cwd, ".venv") } };
}

test(
  "a program that ends before the server has gone on from its fork",
  served(async (place) => {
    const held =
      "import os, time\ndef hold():\n    while os.path.exists(HELD): time.sleep(0.01)\nos.register_at_fork(after_in_parent=hold)\n";
    const options = await environmentWith(place, `HELD = "${place.cwd}/held"\n${held}`);
    place.write({
      "short.py": "print(1)",
      "ends.py": "import atexit, os; atexit.register(os.unlink, 'held'); print(2)",
    });
    await warm(place, ["short.py"], options);
    const { pid } = await one(place);
    place.write({ held: "" });
    assert.is((await place.run(["run", "short.py"], options)).stdout, "1\n");
    const { stdout, stderr, exitCode } = await place.run(["run", "ends.py"], options);
    assert.equal({ stdout, stderr, exitCode }, { stdout: "2\n", stderr: "", exitCode: 0 });
    await until(async () => (await one(place)).running === 0, "it is known to have ended");
    assert.is((await one(place)).pid, pid);
  }),
);

const WAITS = "import os, sys, time\nwhile not os.path.exists('go'): time.sleep(0.01)\nsys.exit(3)\n";

test(
  "a server that can fork no more ends when the program that it runs has",
  served(async (place) => {
    const full =
      "import os\nfork = os.fork\ndef fails():\n    if os.path.exists(FULL): raise BlockingIOError(11, 'no more processes')\n    return fork()\nos.fork = fails\n";
    const options = await environmentWith(place, `FULL = "${place.cwd}/full"\n${full}`);
    place.write({ "short.py": "print(1)", "waits.py": WAITS });
    await warm(place, ["short.py"], options);
    const { pid } = await one(place);
    place.write({ full: "" });
    const waiting = place.start(["run", "waits.py"], options);
    await until(async () => (await servers(place)).every(({ running }) => running > 0), "it runs");
    assert.is((await place.run(["run", "short.py"], options)).stdout, "1\n");
    place.write({ go: "" });
    assert.is((await waiting.ended).exitCode, 3);
    await until(() => !fs.existsSync(`/proc/${pid}`), "the server has ended");
  }),
);

test(
  "a server that is told to end leaves the next alone",
  served(async (place) => {
    const options = await environmentWith(place, "", { "library.py": "" });
    place.write({ "short.py": "print(1)", "waits.py": `import library\n${WAITS}` });
    await warm(place, ["short.py"], options);
    const { pid } = await one(place);
    const waiting = place.start(["run", "waits.py"], options);
    await until(async () => (await one(place)).running > 0, "it runs");
    await place.run(["zygote", "stop"]);
    const another = async () => {
      await place.run(["run", "short.py"], options);
      return (await servers(place)).find((server) => server.pid !== pid);
    };
    const before = await until(another, "another server");
    place.write({ go: "" });
    assert.is((await waiting.ended).exitCode, 3);
    await until(() => !fs.existsSync(`/proc/${pid}`), "the server has ended");
    await until(async () => ((await another())?.served ?? 0) > before.served, "it serves");
    assert.is((await one(place)).pid, before.pid);
  }),
);

/** How a session ends, and who is told of it. */
const ENDS = ["hang-up", "leader", "program"] as const;
const SESSION = path.join(import.meta.dirname, "../harness/session.py");

for (const end of ENDS)
  test(
    `nothing is left of a session at a terminal: ${end}`,
    inPlace(async (place) => {
      place.write({
        "wait.py":
          "import os, time\nwith open('told', 'w') as file: file.write(open('/proc/%s/cmdline' % open('/proc/self/stat').read().split()[3]).read())\nos.rename('told', 'ready')\ntime.sleep(60)\n",
      });
      const { home, temporary, data, cwd } = place;
      const env = { ...cleanEnvironment({ home, temporary }), ...FORKED, PYBUN_HOME: data };
      const words = [SESSION, end, executablePath(), "run", "wait.py"];
      const { status, stderr } = spawnSync(requirePython().path, words, { cwd, env, encoding: "utf8" });
      assert.is(status, 0, stderr);
      assert.match(fs.readFileSync(path.join(cwd, "ready"), "utf8"), "_pybun_zygote.py");
      await until(() => processesBelow(place.root).length === 0, "all processes have ended");
    }, {}),
  );

test.run();
