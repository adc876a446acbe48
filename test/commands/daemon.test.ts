import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import {
  type DaemonStatus,
  daemons,
  hasServed,
  ON,
  oneDaemon,
  PROJECT,
  startDaemon,
  withDaemon,
} from "../harness/daemons.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { runInTerminal } from "../harness/terminal.ts";
import { until } from "../harness/until.ts";

// Daemons are for Linux.
if (process.platform !== "linux") {
  console.log("skipped: daemons are for Linux");
  process.exit(0);
}

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", requires: ["beta"], files: { "alpha.py": "" } },
    { name: "beta", version: "1.0", files: { "beta.py": "" } },
    { name: "slow", version: "1.0" },
  ],
  faults: [{ url: "*slow*", hang: true }],
});
test.after(() => index.stop());

const OFF = { PYBUN_DAEMON: "off" };
const served = (body: (place: Place) => Promise<void>, env: Readonly<Record<string, string>> = {}) =>
  withDaemon(body, { index, env });

/** What the project's environment says of itself, but for when. */
function stampOf(place: Place) {
  const { siteMtimeMs: _time, ...stamp } = readEnvironmentStamp(path.join(place.cwd, ".pybun/venv")) ?? {};
  return stamp;
}

const took = (text: string): string => text.replaceAll(/ in [\d.]+m?s\b/g, " in TIME");

test(
  "a command that a daemon runs does and says what it does and says by itself",
  served(async (place) => {
    const state = () => [place.read("pyproject.toml"), fs.readFileSync(path.join(place.cwd, "pybun.lockb"), "hex")];
    const before = (await oneDaemon(place)).served;
    const commands = [
      ["add", "alpha"],
      ["tree", "--depth=1"],
      ["remove", "alpha"],
    ];
    const plain = [];
    for (const command of commands) {
      const { stdout, stderr, exitCode } = await place.run(command, { env: OFF });
      plain.push([took(stdout), took(stderr), exitCode, ...state()]);
    }
    place.write({ "pyproject.toml": PROJECT });
    for (const name of ["pybun.lockb", ".pybun", ".venv"])
      fs.rmSync(path.join(place.cwd, name), { recursive: true, force: true });
    for (const [at, command] of commands.entries()) {
      const { stdout, stderr, exitCode } = await place.run(command);
      assert.equal([took(stdout), took(stderr), exitCode, ...state()], plain[at], command.join(" "));
      await hasServed(place, before + at + 1);
    }
  }),
);

test(
  "options of every command may stand before it",
  served(async (place) => {
    const before = (await oneDaemon(place)).served;
    const calls = [
      ["-q", "lock"],
      ["--offline", "--color", "never", "sync"],
      ["--directory", place.cwd, "--format=json", "tree"],
    ];
    for (const [at, words] of calls.entries()) {
      const { exitCode, stdout, stderr } = await place.run(words);
      assert.is(exitCode, 0, stderr);
      assert.is(stdout === "", at === 0, stdout);
      await hasServed(place, before + at + 1);
    }
    // The value of an option is no command.
    const listed = await place.run(["--format=json", "--cache-dir", "lock", "python", "list"]);
    assert.is(listed.json().command, "pybun python list");
    assert.is((await oneDaemon(place)).served, before + calls.length);
  }),
);

test(
  "a program is run by the process itself, once a daemon has seen to what it needs",
  served(async (place) => {
    const before = (await oneDaemon(place)).served;
    const script = (name: string) =>
      `# /// script\n# dependencies = ["${name}"]\n# ///\nimport ${name}, os, sys\n` +
      "print(sys.argv, sys.stdin.read(), os.getppid() == int(sys.argv[1]), os.listdir('/proc/self/fd'))\nsys.exit(3)\n";
    place.write({ "plain.py": script("alpha"), "served.py": script("beta") });
    const behind = ["/bin/sh", "-c", '"$0" "$@" $$'];
    for (const [name, env] of [
      ["plain.py", OFF],
      ["served.py", ON],
    ] as const) {
      const { stdout, stderr, exitCode } = await place.run(["run", name], { stdin: "typed", behind, env });
      assert.match(stdout, new RegExp(`^\\['${name}', '\\d+'\\] typed True \\['0', '1', '2', '3'\\]\n$`), stderr);
      assert.is(exitCode, 3);
    }
    await hasServed(place, before + 1);
    const told = await place.run(["--format=json", "run", "-c", "print(1)"]);
    assert.is((told.json().data as { stdout: string }).stdout, "1\n");
    assert.is((await oneDaemon(place)).served, before + 1);
  }),
);

test(
  "a program that was run before is found by a daemon, and by no other where none is wanted",
  served(async (place) => {
    const before = (await oneDaemon(place)).served;
    place.write({ "said.py": "import os\nprint(sorted(map(int, os.listdir('/proc/self/fd'))))\n" });
    const run = async () => {
      const { stdout, stderr, exitCode } = await place.run(["run", "said.py"]);
      assert.equal([stdout, exitCode], ["[0, 1, 2, 3]\n", 0], stderr);
    };
    for (const times of [1, 2, 3]) {
      await run();
      await hasServed(place, before + times);
    }
    place.write({ "pyproject.toml": `${place.read("pyproject.toml")}\n[tool.pybun]\ndaemon = false\n` });
    for (let times = 0; times < 3; times++) await run();
    assert.is((await oneDaemon(place)).served, before + 3);
  }),
);

test(
  "folder, variables and mask of new files are the caller's each time",
  served(async (place) => {
    const before = (await oneDaemon(place)).served;
    place.write({ "one/pyproject.toml": PROJECT, "two/pyproject.toml": PROJECT });
    const at = (folder: string) => path.join(place.cwd, folder);
    const behind = ["/bin/sh", "-c", 'umask 077; exec "$@"', "sh"];
    const first = await place.run(["lock"], { cwd: at("one"), behind });
    assert.is(first.exitCode, 0, first.stderr);
    await hasServed(place, before + 1);
    const second = await place.run(["lock"], { cwd: at("two"), env: { PYBUN_FORMAT: "json" } });
    assert.is(second.json().exit_code, 0);
    const modeOf = (folder: string) => fs.statSync(path.join(at(folder), "pybun.lockb")).mode & 0o777;
    assert.equal([modeOf("one"), modeOf("two")], [0o600, 0o644]);
    await hasServed(place, before + 2);
  }),
);

test(
  "an environment that was made before is made again by a daemon, and by no other where none is wanted",
  served(
    async (place) => {
      await place.run(["add", "alpha"]);
      const again = async (more: Readonly<Record<string, string>>) => {
        for (const name of [".pybun", ".venv"]) fs.rmSync(path.join(place.cwd, name), { recursive: true, force: true });
        const { stdout, stderr, exitCode } = await place.run(["sync"], { env: more });
        return [took(stdout), stderr, exitCode, stampOf(place)];
      };
      await again(OFF);
      const plain = await again(OFF);
      const before = (await oneDaemon(place)).served;
      await again(ON); // other variables
      for (const times of [1, 2]) {
        await hasServed(place, before + times);
        assert.equal(await again(ON), plain);
      }
      await hasServed(place, before + 3);
      place.write({ "pyproject.toml": `${place.read("pyproject.toml")}\n[tool.pybun]\ndaemon = false\n` });
      for (let times = 0; times < 3; times++) await again(ON);
      assert.is((await oneDaemon(place)).served, before + 3);
    },
    // Only with that is an environment made at once.
    { PYBUN_STORE_BYTECODE: "wait" },
  ),
);

test(
  "a command that fails does so as by itself; the next one finds a new process",
  served(async (place) => {
    const failing = ["add", "nowhere"];
    const plain = await place.run(failing, { env: OFF });
    const { pid } = await oneDaemon(place);
    const { stdout, stderr, exitCode } = await place.run(failing);
    assert.equal([stdout, took(stderr), exitCode], [plain.stdout, took(plain.stderr), plain.exitCode]);
    assert.is(place.read("pyproject.toml"), PROJECT);
    await until(async () => (await daemons(place)).every((daemon) => daemon.pid !== pid), "it has ended");
    assert.is((await place.run(["add", "beta"])).exitCode, 0);
    await until(async () => (await daemons(place)).length > 0, "another has started");
  }),
);

for (const [signal, exitCode] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)
  test(
    `${signal} stops the command that a daemon runs`,
    served(async (place) => {
      const { pid } = await oneDaemon(place);
      const asked = index.requests.length;
      const running = place.start(["add", "slow"]);
      await until(() => index.requests.length > asked, "it asks the index");
      running.kill(signal);
      const ended = await running.ended;
      assert.is(ended.exitCode, exitCode, ended.stderr);
      assert.match(ended.stderr, /interrupted/i);
      assert.is(place.read("pyproject.toml"), PROJECT);
      await until(async () => (await daemons(place)).every((daemon) => daemon.pid !== pid), "the daemon has ended");
    }),
  );

test(
  "with the process that asked, the command ends",
  served(async (place) => {
    const { pid } = await oneDaemon(place);
    const asked = index.requests.length;
    const running = place.start(["add", "slow"]);
    await until(() => index.requests.length > asked, "it asks the index");
    running.kill("SIGKILL");
    await running.ended;
    await until(async () => (await daemons(place)).every((daemon) => daemon.pid !== pid), "the daemon has ended");
    assert.is(place.read("pyproject.toml"), PROJECT);
    assert.is((await place.run(["add", "beta"])).exitCode, 0);
  }),
);

test(
  "a daemon that is killed is told of",
  served(async (place) => {
    const { pid } = await oneDaemon(place);
    const asked = index.requests.length;
    const running = place.start(["add", "slow"]);
    await until(() => index.requests.length > asked, "it asks the index");
    process.kill(pid, "SIGKILL");
    const ended = await running.ended;
    assert.is(ended.exitCode, 70);
    assert.match(ended.stderr, /^error\[E_INTERNAL\]: the daemon that ran this command was killed\nhint: /m);
    assert.is((await place.run(["add", "beta"])).exitCode, 0);
  }),
);

test(
  "who comes while a daemon works runs the command himself",
  served(async (place) => {
    const asked = index.requests.length;
    const slow = place.start(["add", "slow"]);
    await until(() => index.requests.length > asked, "it asks the index");
    const ended = await place.run(["add", "--dry-run", "alpha"]);
    assert.is(ended.exitCode, 0, ended.stderr);
    assert.is((await daemons(place)).length, 1);
    slow.kill("SIGTERM");
    await slow.ended;
  }),
);

test(
  "eight at once all get their answer",
  served(async (place) => {
    const all = await Promise.all(Array.from({ length: 8 }, () => place.run(["add", "--dry-run", "alpha"])));
    const [first] = all;
    for (const { exitCode, stdout } of all) assert.equal([exitCode, stdout], [0, first?.stdout]);
  }),
);

test(
  "where none is wanted, none is asked and none is started",
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      const ask = async (argv: readonly string[], env = {}) => {
        for (const _ of [1, 2]) await place.run(argv, { env });
        assert.equal(await daemons(place), [], JSON.stringify([argv, env]));
      };
      await ask(["add", "--dry-run", "alpha"], { CI: "true" });
      await ask(["add", "--dry-run", "alpha"], OFF);
      await ask(["add", "--dry-run", "alpha", "--no-daemon"]);
      await ask(["python", "list"]);
      place.write({ "pyproject.toml": `${PROJECT}\n[tool.pybun]\ndaemon = false\n` });
      await ask(["add", "--dry-run", "alpha"]);
    },
    { index, env: ON },
  ),
);

test(
  "a daemon ends when it is not used",
  served((place) => until(async () => (await daemons(place)).length === 0, "it has ended").then(() => {}), {
    PYBUN_DAEMON_IDLE: "1",
  }),
);

test(
  "a daemon ends when it is told to, and with the folder it stands in",
  served(async (place) => {
    const stopped = await place.run(["daemon", "stop"]);
    assert.is(stopped.stdout || stopped.stderr, "Ended 1 daemon\n");
    assert.equal(await daemons(place), []);
    await startDaemon(place);
    const { pid } = await oneDaemon(place);
    fs.rmSync(path.join(place.data, "daemon"), { recursive: true });
    await until(() => !fs.existsSync(`/proc/${pid}`), "it has ended");
  }),
);

test(
  "who looks at a daemon while it notes what it did reads the old note or the new",
  served(async (place) => {
    const [folder = ""] = fs.readdirSync(path.join(place.data, "daemon"));
    const looking = fs.openSync(path.join(place.data, "daemon", folder, "detached.state"), "r");
    const { served: before } = await oneDaemon(place);
    await place.run(["add", "--dry-run", "alpha"]);
    await hasServed(place, before + 1);
    assert.is(fs.readFileSync(looking, "utf8").split("\n").at(-1), String(before));
    fs.closeSync(looking);
  }),
);

test(
  "a terminal has a daemon of its own, which goes with it",
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      const script = `
        for i in $(seq 200); do
          "$@" lock --refresh
          "$@" --format=json daemon status > status
          if grep -q terminal status; then break; fi
        done
        cat status`;
      const { shown } = await runInTerminal(place, [], { behind: ["/bin/sh", "-c", script, "sh"], env: ON });
      const last = shown.trimEnd().split("\n").at(-1) as string;
      const { daemons: seen } = (JSON.parse(last) as { data: { daemons: readonly DaemonStatus[] } }).data;
      assert.is(seen.length, 1, shown);
      assert.type(seen[0]?.terminal, "number");
      await until(async () => (await daemons(place)).length === 0, "it has ended");
    },
    { index, env: ON },
  ),
);

test(
  "a project with a plugin of its own is left to the process itself",
  served(async (place) => {
    const before = (await oneDaemon(place)).served;
    const made = await place.run(["plugin", "new", "mine"]);
    assert.is(made.exitCode, 0, made.stderr);
    place.write({ "pyproject.toml": `${PROJECT}\n[tool.pybun]\nplugins = ["./mine"]\n` });
    await place.run(["add", "--dry-run", "alpha"]);
    assert.ok((await daemons(place)).every((daemon) => daemon.served === before));
  }),
);

test(
  "what others have put into an environment outlives changes of it, and nothing is left behind",
  served(async (place) => {
    const site = () => {
      const lib = path.join(place.cwd, ".pybun/venv/lib");
      return path.join(lib, fs.readdirSync(lib)[0] as string, "site-packages");
    };
    const change = async (...words: readonly string[]) => {
      const { stderr, exitCode } = await place.run(words);
      assert.is(exitCode, 0, stderr);
      await until(async () => (await oneDaemon(place)).served > served, "it comes back");
      served = (await oneDaemon(place)).served;
    };
    let { served } = await oneDaemon(place);
    await change("add", "alpha");
    await change("remove", "alpha");
    await change("add", "alpha");
    const info = fs.readdirSync(site()).find((name) => /^beta.*dist-info$/.test(name)) as string;
    fs.writeFileSync(path.join(site(), "own.py"), "mine = 1\n");
    fs.writeFileSync(path.join(site(), info, "own"), "");
    await change("add", "beta");
    await change("remove", "alpha");
    fs.rmSync(path.join(site(), info, "own"));
    await change("add", "alpha");
    await change("remove", "alpha");
    const others = fs.readdirSync(site()).filter((name) => !name.startsWith("_") && !name.startsWith("."));
    assert.equal(others.sort(), [info, "beta.py", "own.py"].sort());
    assert.not(fs.existsSync(path.join(site(), info, "own")));
    const { stdout } = await place.run(["run", "-c", "import beta, own; print(own.mine)"]);
    assert.is(stdout, "1\n");
    const spares = path.join(place.data, "spares");
    assert.is(fs.readdirSync(spares).length, 1);
    await place.run(["daemon", "stop"]);
    await until(async () => fs.readdirSync(spares).length === 0, "it has cleaned up");
  }),
);

test.run();
