import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place, type Result } from "../harness/project.ts";
import type { Release } from "../harness/release.ts";

const packages: readonly Release[] = [
  {
    name: "a",
    version: "1.0",
    files: { "a/__init__.py": "value = 1\n", "a/deep/data.txt": "some data\n", "a/shared.py": "shared = 1\n" },
    data: { "scripts/a-tool": "#!python\nprint(1)\n" },
  },
  { name: "b", version: "1.0", files: { "b/__init__.py": "value = 2\n", "b/shared.py": "shared = 1\n" } },
];
// Long to read, and quickly made.
const text = crypto.randomBytes(3 << 20).toString("base64");
const data = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`large/data${i}`, text]));
const large: Release = { name: "large", version: "1.0", files: { "large/__init__.py": "", ...data } };
const single: Release = {
  name: "single",
  version: "1.0",
  files: { "single.py": "value = 3\n", "single-1.0.dist-info/licenses/LICENSE": "as you like\n" },
};
const index = await startIndex({ packages: [...packages, large, single] });
test.after(() => index.stop());

interface Finding {
  readonly scope: string;
  readonly subject: string;
  readonly path: string;
  readonly problem: string;
  readonly action: string;
}
const findingsOf = ({ json }: Result): readonly Finding[] => json().data["findings"] as readonly Finding[];
const told = (result: Result): readonly string[] =>
  findingsOf(result).map(({ scope, subject, path: at, problem, action }) =>
    [scope, subject, at, problem, action].join("|"),
  );

/** A project with both packages installed, and their bytecode compiled. */
async function installed(place: Place, ...words: string[]): Promise<void> {
  place.write({ "pyproject.toml": projectText(["a", "b"]) });
  const { exitCode, stderr } = await place.run(["install", ...words], { env: { PYBUN_STORE_BYTECODE: "wait" } });
  assert.equal([exitCode, stderr], [0, ""]);
}
const verify = (place: Place, ...words: string[]): Promise<Result> => place.run(["verify", "--format=json", ...words]);

/** Folder of a package's tree in the store. */
function treeOf(place: Place, name: string): string {
  const [site = ""] = fs.globSync(path.join(place.cwd, ".pybun/venv/lib/*/site-packages"));
  return path.dirname(fs.realpathSync(path.join(site, name)));
}
function change(file: string, write: (file: string) => void): void {
  const folder = path.dirname(file);
  const { mode, mtimeMs } = fs.statSync(folder);
  fs.chmodSync(folder, 0o755);
  if (fs.existsSync(file)) fs.chmodSync(file, 0o644);
  write(file);
  fs.chmodSync(folder, mode & 0o777);
  // As a fault of the disk, which leaves the folder's time as it is.
  fs.utimesSync(folder, mtimeMs / 1000, mtimeMs / 1000);
}
const flip = (file: string): void => {
  const bytes = fs.readFileSync(file);
  bytes[0] = (bytes[0] as number) ^ 1;
  fs.writeFileSync(file, bytes);
};

test(
  "finds nothing in what is as it was made",
  inPlace(
    async (place) => {
      for (const mode of ["tree", "hardlink", "copy"]) {
        await installed(place, "--link-mode", mode);
        const result = await verify(place);
        assert.equal([result.exitCode, told(result)], [0, []], mode);
        const { store, env, lock } = result.json().data as Record<string, Record<string, unknown>>;
        assert.equal([store?.["entries"], env?.["packages"], lock?.["packages"]], [2, 2, 2]);
        await place.run(["env", "remove"]);
      }
      await installed(place);
      assert.match((await place.run(["verify"])).stdout, /^Verified: 2 packages of the store \(\d+K\), 2 packages/);
    },
    { index },
  ),
);

const damages: readonly (readonly [
  what: string,
  file: string,
  damage: (file: string) => void,
  found: readonly RegExp[],
])[] = [
  ["a flipped bit", "a/__init__.py", flip, [/^store\|a 1\.0\|a\/__init__\.py\|has another content\|removed$/]],
  ["a file that is gone", "a/deep/data.txt", (file) => fs.rmSync(file), [/\|a\/deep\/data\.txt\|is missing\|removed$/]],
  [
    "an empty file",
    "a/shared.py",
    (file) => fs.truncateSync(file),
    [/\|a\/shared\.py\|has another content/, /^store\|b 1\.0\|b\/shared\.py\|/],
  ],
  ["a file more", "a/more.py", (file) => fs.writeFileSync(file, ""), [/\|a\/more\.py\|is not of the wheel\|removed$/]],
  [
    "another mode",
    "a/__init__.py",
    (file) => fs.chmodSync(file, 0o755),
    [/\|a\/__init__\.py\|has other permissions\|removed$/],
  ],
  [
    "a RECORD that changed",
    "a-1.0.dist-info/RECORD",
    (file) => fs.appendFileSync(file, "x,,\n"),
    [/\|a-1\.0\.dist-info\/RECORD\|has another content\|removed$/],
  ],
  [
    "a description that changed",
    "../../../../by-wheel-5",
    (folder) => {
      for (const file of fs.globSync(`${folder}/*/*`))
        fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace('"isPurelib":true', '"isPurelib":null'));
    },
    [/^store\|a 1\.0\|\|has another description than it was given\|removed$/],
  ],
  ["a record that changed", "../record.dpp", flip, [/\|\|has another record than it was given\|removed$/]],
  [
    "a record that is gone",
    "../record.dpp",
    (file) => fs.rmSync(file),
    [/\|\|has another record than it was given\|removed$/],
  ],
];
for (const [what, file, damage, found] of damages) {
  test(
    `the store: ${what} is found, taken out, and brought back by the next sync`,
    inPlace(
      async (place) => {
        await installed(place);
        change(path.join(treeOf(place, "a"), file), damage);
        const result = await verify(place, "--store");
        const texts = told(result);
        assert.is(result.exitCode, 1);
        for (const pattern of found)
          assert.ok(
            texts.some((text) => pattern.test(text)),
            `${pattern} in ${texts.join("\n")}`,
          );
        assert.is((await place.run(["run", "--no-sync", "-c", "import a"])).exitCode, 1);
        const again = await place.run(["sync"]);
        assert.equal([again.exitCode, again.stderr], [0, ""]);
        assert.is(
          (
            await place.run([
              "run",
              "-c",
              "import a, a.shared, b.shared; print(a.value, a.shared.shared, b.shared.shared)",
            ])
          ).stdout,
          "1 1 1\n",
        );
        const clean = await verify(place);
        assert.equal([clean.exitCode, told(clean)], [0, []]);
      },
      { index },
    ),
  );
}

test(
  "the store: damaged bytecode is removed and compiled again, and the package stays",
  inPlace(
    async (place) => {
      await installed(place);
      const [file = ""] = fs.globSync(path.join(treeOf(place, "a"), "a/__pycache__/__init__.*.pyc"));
      change(file, flip);
      const result = await verify(place, "--store");
      assert.match(
        told(result).join("\n"),
        /^store\|a 1\.0\|a\/__pycache__\/__init__\.[\w-]+\.pyc\|has another content\|recompiled$/,
      );
      assert.equal([result.exitCode, fs.existsSync(file)], [1, false]);
      assert.is((await place.run(["run", "-c", "import a; print(a.value)"])).stdout, "1\n");
      assert.is((await verify(place, "--store")).exitCode, 0);
      fs.rmSync(path.join(place.cwd, ".pybun"), { recursive: true });
      await installed(place);
      assert.ok(fs.existsSync(file));
    },
    { index },
  ),
);

/** A project with a module that lies in the environment itself, and the folder of its package in the store. */
async function installedSingle(place: Place): Promise<string> {
  place.write({ "pyproject.toml": projectText(["single"]) });
  const env = { PYBUN_STORE_BYTECODE: "wait" };
  // There is bytecode when the second one is made.
  for (let made = 0; made < 2; made++) {
    fs.rmSync(path.join(place.cwd, ".pybun"), { recursive: true, force: true });
    assert.is((await place.run(["install"], { env })).exitCode, 0);
  }
  const [entry = ""] = fs.globSync(path.join(place.data, "packages/??/??/*"));
  return entry;
}

test(
  "the store: so is bytecode that environments have of their own files",
  inPlace(
    async (place) => {
      const entry = await installedSingle(place);
      const own = path.join(entry, "installed-bytecode");
      const [file = ""] = fs.globSync(path.join(own, "*.pyc"));
      const bytes = fs.readFileSync(file);
      bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
      fs.chmodSync(file, 0o644);
      fs.writeFileSync(file, bytes);
      assert.match(
        told(await verify(place, "--store")).join("\n"),
        /^store\|single 1\.0\|__pycache__\/single\.[\w-]+\.pyc\|has another content\|recompiled$/,
      );
      assert.not(fs.existsSync(own));
      assert.is((await verify(place, "--store")).exitCode, 0);
      await installedSingle(place);
      assert.ok(fs.existsSync(file));
      assert.is((await verify(place)).exitCode, 0);
    },
    { index },
  ),
);

test(
  "the store: a link that environments have is found where it leads elsewhere",
  inPlace(
    async (place) => {
      if (process.platform !== "linux") return;
      const entry = await installedSingle(place);
      const [link = ""] = fs.globSync(path.join(entry, "installed-link-*"));
      fs.rmSync(link);
      fs.symlinkSync(place.cwd, link);
      const result = await verify(place, "--store");
      assert.match(told(result).join("\n"), /^store\|single 1\.0\|installed-link-\S+\|leads elsewhere\|removed$/);
      assert.is((await place.run(["sync"])).exitCode, 0);
      const clean = await verify(place);
      assert.equal([clean.exitCode, told(clean)], [0, []]);
      assert.is((await place.run(["run", "-c", "import single; print(single.value)"])).stdout, "3\n");
    },
    { index },
  ),
);

test(
  "the store: an environment of a script is made anew when it has lost a package",
  inPlace(
    async (place) => {
      place.write({ "s.py": '# /// script\n# dependencies = ["a"]\n# ///\nimport a\nprint(a.value)\n' });
      const ran = async (): Promise<void> => {
        const { stdout, stderr } = await place.run(["run", "s.py"]);
        assert.equal([stdout, stderr], ["1\n", ""]);
      };
      await ran();
      const [tree = ""] = fs.globSync(path.join(place.data, "packages/??/??/*/tree"));
      change(path.join(tree, "a/__init__.py"), flip);
      assert.is((await verify(place, "--store")).exitCode, 1);
      await ran();
      assert.is((await verify(place, "--store")).exitCode, 0);
    },
    { index },
  ),
);

test(
  "the environment: changed, missing and foreign things are named, and nothing is touched",
  inPlace(
    async (place) => {
      await installed(place, "--link-mode", "copy");
      const [site = ""] = fs.globSync(path.join(place.cwd, ".pybun/venv/lib/*/site-packages"));
      fs.appendFileSync(path.join(site, "a/__init__.py"), "# mine\n");
      const commandBytes = fs.statSync(path.join(place.cwd, ".pybun/venv/bin/a-tool")).size;
      fs.appendFileSync(path.join(place.cwd, ".pybun/venv/bin/a-tool"), "print(2)\n");
      fs.rmSync(path.join(site, "b/shared.py"));
      const result = await verify(place, "--env");
      assert.is(result.exitCode, 1);
      assert.equal(told(result), [
        "env|a 1.0|a/__init__.py|has 17 bytes, not 10|none",
        `env|a 1.0|../../../bin/a-tool|has ${commandBytes + 9} bytes, not ${commandBytes}|none`,
        "env|b 1.0|b/shared.py|is missing|none",
      ]);
      fs.rmSync(path.join(site, "b-1.0.dist-info"), { recursive: true });
      assert.ok(told(await verify(place, "--env")).includes("env|b 1.0||is locked, and not installed|none"));
      assert.ok(fs.readFileSync(path.join(site, "a/__init__.py"), "utf8").endsWith("# mine\n"));
    },
    { index },
  ),
);

test(
  "the lock: damage is told with its place, an environment that differs from it too",
  inPlace(
    async (place) => {
      await installed(place);
      place.write({ "pyproject.toml": projectText(["a"]) });
      assert.is((await place.run(["lock"])).exitCode, 0);
      const differs = await verify(place, "--env", "--lock");
      assert.match(differs.stdout, /"command":\["pybun","sync"\]/);
      assert.equal([differs.exitCode, told(differs)], [1, ["env|b 1.0||is not in the lock|none"]]);
      const lock = path.join(place.cwd, "pybun.lockb");
      const bytes = fs.readFileSync(lock);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
      fs.writeFileSync(lock, bytes);
      const result = await verify(place, "--lock");
      assert.is(result.exitCode, 1);
      assert.match(told(result).join(), /^lock\|pybun\.lockb\|\|pybun\.lockb is damaged: .*offset \d+/);
    },
    { index },
  ),
);

test(
  "it can be interrupted between two files, and has then changed nothing",
  inPlace(
    async (place) => {
      if (!fs.existsSync("/proc/self/fd")) return;
      place.write({ "pyproject.toml": projectText(["large"]) });
      assert.is((await place.run(["install"])).exitCode, 0);
      const tree = treeOf(place, "large");
      const running = place.start(["verify", "--store"]);
      const latestMs = performance.now() + 20_000;
      while (!fs.existsSync(`/proc/${running.pid}/fd`) && performance.now() < latestMs) await new Promise(setImmediate);
      const isReading = (): boolean =>
        fs.readdirSync(`/proc/${running.pid}/fd`).some((fd) => {
          try {
            return fs.readlinkSync(`/proc/${running.pid}/fd/${fd}`).includes("/large/data");
          } catch {
            return false;
          }
        });
      while (!isReading() && performance.now() < latestMs) await new Promise(setImmediate);
      running.kill("SIGINT");
      const { exitCode } = await running.ended;
      assert.equal([exitCode, fs.existsSync(path.join(tree, "large/data0"))], [130, true]);
    },
    { index },
  ),
);

test(
  "outside of a project, with an empty store, there is nothing to find",
  inPlace(async (place) => {
    const { exitCode, stdout } = await place.run(["verify"]);
    assert.equal([exitCode, stdout], [0, "Verified: 0 packages of the store (0B)\n"]);
  }),
);

test.run();
