import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place } from "../harness/project.ts";
import { pythons } from "../harness/python.ts";
import { makeWheel } from "../harness/wheel.ts";

interface Data {
  readonly modules: readonly { readonly module: string }[];
  readonly benchmark?: { readonly different: readonly unknown[] };
}
const OPTIONS = { env: { VIRTUAL_ENV: ".env" } };

async function dataOf(place: Place, how: "--scan" | "--benchmark"): Promise<Data> {
  const { json } = await place.run(["module-find", how, "--format=json"], OPTIONS);
  return json().data as unknown as Data;
}

function folderOf(place: Place): string {
  const lib = path.join(place.cwd, ".env", "lib");
  return path.join(lib, fs.readdirSync(lib)[0] ?? "", "site-packages");
}

/** What importlib would find in a package that is a link into the store, or might. */
const KIT = [
  "__init__.py",
  "both.abi3.so",
  "both.py",
  "both.pyc",
  "bytecode.pyc",
  "data/x.txt",
  "folder.py",
  "folder/__init__.py",
  "folder/part.so",
  "größe.py",
  "loose/deep/module.py",
  "not-a-name/inner.py",
  "py.typed",
  "shadowed.py",
  "shadowed/inside.py",
  "two.dots.py",
  "with.dot/inner.py",
  "z.py",
];

test(
  "module-find --scan: packages of the store, as they were made and as somebody changed them",
  inPlace(async (place) => {
    const files = Object.fromEntries(
      [...KIT.map((name) => `kit/${name}`), "space/kit/one.py", "top.py"].map((name) => [name, ""]),
    );
    const wheels = [
      makeWheel({ name: "kit", version: "1.0", files, data: { "purelib/kit/moved.py": "", "data/kit/never.py": "" } }),
      makeWheel({ name: "other", version: "1.0", files: { "space/other/two.py": "" } }),
    ];
    for (const { filename, bytes } of wheels) fs.writeFileSync(path.join(place.cwd, filename), bytes);
    const [python] = pythons();
    for (const words of [
      ["venv", ".env", "--python", python?.path ?? ""],
      ["pip", "install", ...wheels.map(({ filename }) => `./${filename}`)],
    ]) {
      const { exitCode, stderr } = await place.run(words, OPTIONS);
      assert.is(exitCode, 0, stderr);
    }
    const kit = path.join(folderOf(place), "kit");
    assert.ok(fs.lstatSync(kit).isSymbolicLink(), "it is a link into the store");
    const listed = async (): Promise<readonly string[]> => {
      assert.equal((await dataOf(place, "--benchmark")).benchmark?.different, []);
      const { modules } = await dataOf(place, "--scan");
      return modules.map(({ module }) => module).filter((name) => /^(?:kit|space|top)\b/.test(name));
    };
    const all = await listed();
    assert.is(
      all.join(" "),
      "kit kit.both kit.bytecode kit.folder kit.folder.part kit.größe kit.loose kit.loose.deep kit.loose.deep.module " +
        "kit.moved kit.shadowed kit.z space space.kit space.kit.one space.other space.other.two top",
    );
    assert.equal(await listed(), all, "the second time");
    const loose = fs.realpathSync(path.join(kit, "loose"));
    fs.chmodSync(loose, 0o755);
    fs.writeFileSync(path.join(loose, "added.py"), "");
    assert.equal(await listed(), [...all.slice(0, 7), "kit.loose.added", ...all.slice(7)]);
    fs.rmSync(path.join(loose, "deep"), { recursive: true });
    assert.equal(
      (await listed()).filter((name) => name.includes("loose")),
      ["kit.loose", "kit.loose.added"],
    );
  }),
);

test.run();
