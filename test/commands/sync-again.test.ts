import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place, type Result } from "../harness/project.ts";

// The same lock once more, where there is no environment: what was made before is made again by the command's fast form,
// which leaves no line in the log.

const index = await startIndex({
  packages: [
    {
      name: "tool",
      version: "1.0",
      requires: ["base"],
      "console-scripts": { tool: "tool:main" },
      files: { "tool/__init__.py": 'def main():\n    print("tool 1.0")\n' },
    },
    { name: "base", version: "1.0", files: { "base/__init__.py": "value = 1\n", "base/part/__init__.py": "" } },
    { name: "starter", version: "1.0", files: { "starter.py": "", "starter.pth": "import starter\n" } },
    { name: "base", version: "2.0", files: { "base/__init__.py": "value = 2\n" } },
  ],
});
test.after(() => index.stop());

const placed = (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": projectText(["tool", "base<2"]) });
      assert.is((await place.run(["lock"])).exitCode, 0);
      await sync(place);
      await body(place);
    },
    { index, env: { PYBUN_STORE_BYTECODE: "wait" } },
  );

async function sync(place: Place, cwd = place.cwd, ...words: string[]): Promise<Result> {
  const result = await place.run(["sync", ...words], { cwd });
  assert.equal([result.exitCode, result.stderr], [0, ""], result.stdout);
  return result;
}

function forget(folder: string): void {
  for (const name of [".pybun", ".venv"]) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
}

/** How often a command was run in full. */
const callsIn = (place: Place): number =>
  fs.readFileSync(path.join(place.data, "logs", "pybun.jsonl"), "utf8").split("CommandEnd").length - 1;

/** Whether syncing took the fast form, and did what it says. */
async function isAgain(place: Place, cwd = place.cwd, ...words: string[]): Promise<boolean> {
  const before = callsIn(place);
  const { stdout } = await sync(place, cwd, ...words);
  assert.match(stdout, /^ \+ base {2}1\.0\n \+ tool {2}1\.0\nSynced: 2 installed, 0 kept in /);
  return callsIn(place) === before;
}

/** Everything in an environment, without the place it is at and the times in its stamp. */
function picture(folder: string): readonly string[] {
  const root = path.join(folder, ".pybun");
  const lines = fs.readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return lines.map((name) => {
    const file = path.join(root, name);
    const stat = fs.lstatSync(file);
    if (stat.isSymbolicLink()) return `${name} -> ${fs.readlinkSync(file)}`;
    if (stat.isDirectory()) return `${name}/ ${stat.mode}`;
    const text = fs.readFileSync(file, "utf8").replaceAll(folder, "HERE");
    const isStamp = name.endsWith("pybun.json");
    // A command begins with the place of its Python, so its hash is another one, too.
    const plain = isStamp
      ? Object.keys({ ...(JSON.parse(text) as object), plan: "" })
          .sort()
          .join(" ")
      : text.replace(/tool,sha256=.*/, "");
    return `${name} ${stat.mode} ${stat.nlink > 1} ${plain}`;
  });
}

test(
  "the environment made again is the one that was made step by step",
  placed(async (place) => {
    const first = picture(place.cwd);
    forget(place.cwd);
    assert.is(await isAgain(place), true);
    assert.equal(picture(place.cwd), first);
    assert.is(fs.readlinkSync(path.join(place.cwd, ".venv", "bin")), "../.pybun/venv/bin");
    fs.rmSync(path.join(place.cwd, ".pybun"), { recursive: true });
    assert.is(await isAgain(place), true);
    assert.is(fs.readlinkSync(path.join(place.cwd, ".venv", "bin")), "../.pybun/venv/bin");
    const { stdout } = await place.run(["run", "tool"]);
    assert.is(stdout, "tool 1.0\n");
    assert.match((await sync(place)).stdout, /^Up to date: 2 packages in /);
    assert.is((await place.run(["verify", "--env"])).exitCode, 0);
  }),
);

test(
  "so is one of another project with the same lock, with its own path in its commands",
  placed(async (place) => {
    const other = path.join(place.root, "elsewhere", "deeper");
    fs.mkdirSync(other, { recursive: true });
    for (const name of ["pyproject.toml", "pybun.lockb"])
      fs.copyFileSync(path.join(place.cwd, name), path.join(other, name));
    assert.is(await isAgain(place, other), true);
    const [mine, others] = [picture(place.cwd), picture(other)].map((lines) =>
      lines.map((line) => line.replaceAll("deeper", "work")),
    );
    assert.equal(others, mine);
    assert.is((await place.run(["verify", "--env"], { cwd: other })).exitCode, 0);
    assert.is((await place.run(["run", "tool"], { cwd: other })).stdout, "tool 1.0\n");
    // What other installers remove by RECORD.
    const removed = await place.run(["sync", "--check"], { cwd: other });
    assert.is(removed.exitCode, 0);
  }),
);

/** What may have changed since, and makes the command look at everything again. */
const CHANGES: Readonly<Record<string, (place: Place) => void | Promise<unknown>>> = {
  "the project": (place) => place.write({ "pyproject.toml": `${projectText(["tool", "base<2"])}\n# more\n` }),
  "a file of settings": (place) => place.write({ ".pybun/config.toml": '[link]\nmode = "copy"\n' }),
  "a file of settings above": (place) => place.write({ "../uv.toml": "offline = false\n" }),
  "the Python asked for": (place) => place.write({ ".python-version": ">=3.9\n" }),
  "a package of the store that is gone": (place) => place.run(["cache", "clean", "base"]),
  "all caches": (place) => place.run(["cache", "clean"]),
  "a file written through a link": (place) => {
    const [entry = ""] = entriesWith(place, "base/part/__init__.py");
    const folder = path.join(entry, "tree", "base");
    fs.chmodSync(folder, 0o755);
    fs.writeFileSync(path.join(folder, "added.py"), "");
  },
  "bytecode that is gone": (place) => {
    const [entry = ""] = entriesWith(place, "base/part/__init__.py");
    for (const name of fs.readdirSync(entry)) if (name.startsWith("compiled-")) fs.rmSync(path.join(entry, name));
  },
  "another thing in the place of .venv": (place) => place.write({ ".venv": "mine\n" }),
};

function entriesWith(place: Place, file: string): readonly string[] {
  const packages = path.join(place.data, "packages");
  return fs
    .readdirSync(packages, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(path.join("tree", file)))
    .map((name) => path.join(packages, name.slice(0, name.indexOf(`${path.sep}tree${path.sep}`))));
}

for (const [what, change] of Object.entries(CHANGES))
  test(
    `a change is seen: ${what}`,
    placed(async (place) => {
      forget(place.cwd);
      await change(place);
      const before = callsIn(place);
      const { exitCode, stdout, stderr } = await place.run(["sync"]);
      assert.equal([exitCode, stderr.replace(/warning\[W_LOCK_STALE\][^]*/, "")], [0, ""]);
      assert.match(stdout, /Synced: 2 installed/);
      assert.is(callsIn(place), before + 1);
      const { stdout: said } = await place.run(["run", "-c", "import base, base.part; print(base.value)"]);
      assert.is(said, "1\n");
    }),
  );

test(
  "other words, another form of answer and another interpreter are other questions",
  placed(async (place) => {
    for (const words of [["--no-dev"], ["--format=json"], ["--verbose"], ["--link-mode", "copy"]]) {
      forget(place.cwd);
      const before = callsIn(place);
      assert.is((await place.run(["sync", ...words])).exitCode, 0);
      assert.is(callsIn(place), before + 1, words.join(" "));
    }
    forget(place.cwd);
    assert.is(await isAgain(place, place.cwd, "--no-dev"), true);
    assert.not.match(place.read(".venv/pybun.json"), "lockSha256");
    forget(place.cwd);
    assert.is(await isAgain(place, place.cwd, "--link-mode", "copy"), true);
    assert.match(place.read(".venv/pybun.json"), "lockSha256");
    const site = fs.readdirSync(path.join(place.cwd, ".venv/lib")).map((name) => path.join(".venv/lib", name));
    assert.ok(fs.lstatSync(path.join(place.cwd, site[0]!, "site-packages/base")).isDirectory());
  }),
);

test(
  "consent to code that runs at every start of Python can be taken back",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["starter"]) });
    assert.is((await place.run(["lock"])).exitCode, 0);
    const refused = await place.run(["sync"]);
    assert.is(refused.exitCode, 6, refused.stderr);
    assert.is((await place.run(["trust", "allow-hook", "starter"])).exitCode, 0);
    forget(place.cwd);
    await sync(place);
    forget(place.cwd);
    const before = callsIn(place);
    await sync(place);
    assert.is(callsIn(place), before);
    assert.is((await place.run(["trust", "revoke", "starter"])).exitCode, 0);
    forget(place.cwd);
    assert.is((await place.run(["sync"])).exitCode, 6);
  }),
);

test(
  "a change of the project that was left in the middle is finished before anything is said or run",
  placed(async (place) => {
    place.write({ "app.py": "print('ran')\n" });
    const calls: readonly (readonly string[])[] = [["sync"], ["run", "app.py"]];
    for (const argv of calls) {
      for (let times = 0; times < 3; times++) assert.is((await place.run(argv)).exitCode, 0);
      place.write({ ".pybun/change.json": '{"beside":[]}' });
      assert.is((await place.run(argv)).exitCode, 0);
      assert.not(place.exists(".pybun/change.json"), argv[0]);
    }
  }),
);

test(
  "what the system refuses is told by the full command",
  placed(async (place) => {
    forget(place.cwd);
    place.write({ ".pybun": "a file\n" });
    const taken = await place.run(["sync"]);
    assert.ok(taken.exitCode !== 0, taken.stdout);
    assert.match(taken.stderr, /^error\[E_\w+\]: /);
    forget(place.cwd);
    fs.rmSync(path.join(place.data, "tmp"), { recursive: true, force: true });
    fs.writeFileSync(path.join(place.data, "tmp"), "");
    const { stdout, stderr } = await place.run(["sync"]);
    fs.rmSync(path.join(place.data, "tmp"));
    assert.ok(/^Synced|\nSynced/.test(stdout) || /^error\[E_\w+\]: /.test(stderr), stdout + stderr);
  }),
);

test(
  "killed at any moment, it leaves nothing that the next call does not put right",
  placed(async (place) => {
    for (let delayMs = 4; delayMs < 24; delayMs += 2) {
      forget(place.cwd);
      const running = place.start(["sync"]);
      const timer = setTimeout(() => running.kill("SIGKILL"), delayMs);
      await running.ended;
      clearTimeout(timer);
      assert.is((await place.run(["sync"])).exitCode, 0);
      assert.is((await place.run(["run", "tool"])).stdout, "tool 1.0\n");
    }
    // What a killed process left in the store's folder goes when the store is opened next.
    assert.is((await place.run(["verify"])).exitCode, 0);
  }),
);

test.run();
