import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { archiveName, installedName, packFakePython } from "../harness/fake-python-tar.ts";
import { FAKE, fake, installed, mirrored, REAL_VERSION, real } from "../harness/python-scene.ts";

test(
  "a Python is installed once, runs, is found first, and knows its place; packages in it are nobody's to change",
  mirrored(
    () => [real()],
    async ({ place, server, env, pythons }) => {
      const first = await place.run(["python", "install", REAL_VERSION, "--format=json"], { env });
      assert.is(first.exitCode, 0, first.stderr);
      const [row] = first.json().data["pythons"] as readonly { readonly path: string; readonly up_to_date: boolean }[];
      assert.ok(row && !row.up_to_date);
      assert.ok(row.path.startsWith(path.join(pythons, installedName(REAL_VERSION))));
      const again = await place.run(["python", "install", REAL_VERSION], { env });
      assert.is(again.stdout, `Up to date: Python ${REAL_VERSION}\n`);
      assert.is(server.count("tar.gz"), 1);
      const which = await place.run(["python", "which", "--format=json"], { env });
      assert.equal([which.json().data["path"], which.json().data["managed"]], [row.path, true]);
      place.write({
        "a.py":
          "import sys, sysconfig, pathlib\nprint(sys.base_prefix, sysconfig.get_config_var('prefix'))\nprint((pathlib.Path(sysconfig.get_path('stdlib')) / 'EXTERNALLY-MANAGED').exists())",
      });
      const run = await place.run(["run", "a.py"], { env });
      const root = path.join(pythons, installedName(REAL_VERSION));
      assert.equal([run.exitCode, run.stdout], [0, `${root} ${root}\nTrue\n`], run.stderr);
    },
  ),
);

test(
  "--reinstall fetches it again and puts it in place of what was there",
  mirrored(fake, async ({ place, server, env, pythons }) => {
    await place.run(["python", "install", "3.12"], { env });
    const added = path.join(pythons, installedName(FAKE), "lib/damaged");
    fs.writeFileSync(added, "");
    const again = await place.run(["python", "install", "3.12", "--reinstall"], { env });
    assert.is(again.exitCode, 0, again.stderr);
    assert.not(fs.existsSync(added));
    assert.equal([installed(pythons), server.count("tar.gz")], [[installedName(FAKE)], 2]);
  }),
);

test(
  "two commands at once fetch one archive, and both have it",
  mirrored(fake, async ({ place, server, env, pythons }) => {
    server.fail({ url: "*.tar.gz", "delay-ms": 300 });
    const both = await Promise.all(
      [1, 2].map(() => place.run(["python", "install", "3.12", "--format=json"], { env })),
    );
    assert.equal(
      both.map(({ exitCode }) => exitCode),
      [0, 0],
      both.map(({ stderr }) => stderr).join(),
    );
    assert.equal([server.count("tar.gz"), installed(pythons)], [1, [installedName(FAKE)]]);
  }),
);

test(
  "a connection that breaks is taken up where it broke",
  mirrored(
    () => [real()],
    async ({ place, server, env }) => {
      server.fail({ url: "*.tar.gz", truncate: 4_000_000, times: 1 });
      const result = await place.run(["python", "install", REAL_VERSION], { env });
      assert.is(result.exitCode, 0, result.stderr);
      assert.match(server.requests.at(-1) as string, /tar\.gz [1-9]\d*-$/);
    },
  ),
);

test(
  "killed while it fetches: nothing is seen, and what is left goes with the next that installs anything",
  mirrored(
    () => [...fake(), packFakePython({ version: "3.11.90" })],
    async ({ place, server, env, pythons }) => {
      server.fail({ url: "*3.12*.tar.gz", stall: 100, times: 1 });
      const killed = place.start(["python", "install", "3.12"], { env });
      const half = path.join(pythons, `.${installedName(FAKE)}.tmp`, archiveName(FAKE));
      while (server.count("3.12") === 0 || !fs.existsSync(half)) await new Promise((resolve) => setTimeout(resolve, 5));
      killed.kill("SIGKILL");
      await killed.ended;
      const found = await place.run(["python", "find", FAKE], { env });
      assert.is(found.exitCode, 3);
      const other = await place.run(["python", "install", "3.11"], { env });
      assert.equal([other.exitCode, installed(pythons)], [0, [installedName("3.11.90")]], other.stderr);
      assert.is((await place.run(["python", "install", "3.12"], { env })).exitCode, 0);
    },
  ),
);

test(
  "a table is asked for once a day at most, and an older one than was seen is passed over",
  mirrored(
    () => [...fake(), packFakePython({ version: "3.11.90" })],
    async ({ place, mirror, server, env }) => {
      const available = async (): Promise<string> => {
        const listed = await place.run(["python", "list", "--available", "--format=json"], { env });
        assert.is(listed.exitCode, 0, listed.stderr);
        return (listed.json().data["available"] as readonly { version: string }[]).map((row) => row.version).join(" ");
      };
      assert.is(await available(), `${FAKE} 3.11.90`);
      mirror.sign({ archives: fake(), createdAtMs: Date.UTC(2026, 1, 1) });
      assert.is(await available(), `${FAKE} 3.11.90`);
      assert.is(server.count("manifest.txt"), 1);
      const dayBefore = (): void => {
        const folder = path.join(place.data, "index/pythons");
        const [kept = ""] = fs.readdirSync(folder);
        const then = new Date(Date.now() - 25 * 3_600_000);
        fs.utimesSync(path.join(folder, kept), then, then);
      };
      dayBefore();
      assert.is(await available(), FAKE);
      dayBefore();
      mirror.sign({ createdAtMs: Date.UTC(2026, 0, 15) });
      assert.is(await available(), FAKE, "somebody shows an old table again");
      dayBefore();
      await server.stop();
      assert.is(await available(), FAKE, "a mirror that is down");
    },
  ),
);

test(
  "what can't be installed is told with what can",
  mirrored(fake, async ({ place, env }) => {
    const absent = await place.run(["python", "install", "3.99"], { env });
    assert.equal([absent.exitCode, absent.stdout], [3, ""]);
    assert.match(absent.stderr, "error[E_PYTHON_NOT_AVAILABLE]: no CPython `3.99` can be installed");
    assert.match(absent.stderr, "to install  3.12\n");
    const other = await place.run(["python", "install", "pypy3.10"], { env });
    assert.match(other.stderr, "PyBun brings CPython only");
  }),
);

test(
  "removal is refused while an environment uses it, wherever that is; --force and the rest go",
  mirrored(
    () => [real(), packFakePython({ version: "3.9.90" })],
    async ({ place, env, pythons }) => {
      const elsewhere = path.join(place.root, "elsewhere");
      fs.mkdirSync(elsewhere);
      await place.run(["python", "install", REAL_VERSION, "3.9.90"], { env });
      const made = await place.run(["--python", path.join(pythons, installedName(REAL_VERSION)), "venv", "env"], {
        env,
        cwd: elsewhere,
      });
      assert.is(made.exitCode, 0, made.stderr);
      const free = await place.run(["python", "remove", "3.9"], { env });
      assert.equal([free.exitCode, free.stdout], [0, " - python 3.9.90\nRemoved 1 Python\n"], free.stderr);
      const used = await place.run(["python", "remove", REAL_VERSION], { env });
      assert.is(used.exitCode, 3);
      assert.match(used.stderr, `error[E_PYTHON_IN_USE]: 1 environment uses Python ${REAL_VERSION}`);
      assert.match(used.stderr, path.join(elsewhere, "env"));
      assert.equal(installed(pythons), [installedName(REAL_VERSION)]);
      const forced = await place.run(["python", "remove", "--force", REAL_VERSION], { env });
      assert.equal([forced.exitCode, installed(pythons)], [0, []], forced.stderr);
      const gone = await place.run(["python", "remove", REAL_VERSION], { env });
      assert.match(gone.stderr, `error[E_PYTHON_NOT_INSTALLED]: PyBun has installed no Python \`${REAL_VERSION}\``);
      await place.run(["python", "install", REAL_VERSION], { env });
      fs.rmSync(path.join(elsewhere, "env"), { recursive: true });
      assert.is((await place.run(["python", "remove", REAL_VERSION], { env })).exitCode, 0, "its environment is gone");
    },
  ),
);

test(
  "--default puts the commands into the user's folder, leaves what is not PyBun's, and removal takes them away",
  mirrored(fake, async ({ place, env, pythons }) => {
    const bin = path.join(place.home, ".local/bin");
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(bin, "python"), "mine");
    const done = await place.run(["python", "install", "3.12", "--default"], { env });
    assert.is(done.exitCode, 0, done.stderr);
    assert.match(done.stderr, "warning[W_PYTHON_LINK]: ~/.local/bin/python is there already and not PyBun's");
    assert.match(done.stderr, "~/.local/bin is not on PATH");
    const executable = path.join(pythons, installedName(FAKE), "bin/python3.12");
    for (const name of ["python3", "python3.12"]) assert.is(fs.readlinkSync(path.join(bin, name)), executable);
    await place.run(["python", "remove", "3.12"], { env });
    assert.equal(fs.readdirSync(bin), ["python"]);
    assert.is(fs.readFileSync(path.join(bin, "python"), "utf8"), "mine");
  }),
);

test.run();
