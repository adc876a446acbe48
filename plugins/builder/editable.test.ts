import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fileSource } from "../../plugin-api/archive/byte-source.ts";
import { openWheel } from "../../plugin-api/archive/wheel.ts";
import { type BuildMachine, COPY, createBuildMachine, interpreter, notes } from "../../test/harness/build-machine.ts";
import build from "./build.ts";

const test = suite<{ machine: BuildMachine }>("editable installs and known trees");
test.before.each((context) => {
  context.machine = createBuildMachine();
});
test.after.each(({ machine }) => machine.remove());

/** The wheel's texts by path. */
function filesOf(wheel: string): Readonly<Record<string, string>> {
  const fd = fs.openSync(wheel, "r");
  try {
    const { archive } = openWheel(fileSource(fd), { filename: path.basename(wheel) });
    return Object.fromEntries(archive.entries.map((entry) => [entry.path, archive.read(entry).toString()]));
  } finally {
    fs.closeSync(fd);
  }
}

test("the backend makes the editable wheel where it can, with what it asks for that", async ({ machine }) => {
  const input = machine.tree(`${COPY}
@staticmethod
def get_requires_for_build_editable(config_settings=None):
    note("requires")
    return ["editables"]
@staticmethod
def build_editable(folder, config_settings=None, metadata_directory=None):
    note("build_editable")
    return api.build_wheel(folder)
`);
  const output = await build({ ...input, want: "editable" }, machine.open());
  assert.is(path.basename(output?.path as string), "brokenext-1.0-py3-none-any.whl");
  assert.equal(notes(machine), ["requires", "build_editable", "build_wheel"]);
  assert.equal(
    machine.orders.map(({ demands }) => demands.map(({ text }) => text)),
    [[], ["editables"]],
  );
});

for (const [what, folder] of [
  ["the folder src", "src"],
  ["the project's own folder", "."],
] as const)
  test(`without the backend's help a path file leads to ${what}`, async ({ machine }) => {
    const input = machine.tree(COPY);
    fs.mkdirSync(path.join(input.path, folder, "demo"), { recursive: true });
    fs.writeFileSync(path.join(input.path, folder, "demo", "__init__.py"), "answer = 42\n");
    const output = await build({ ...input, want: "editable" }, machine.open());
    const files = filesOf(output?.path as string);
    assert.match(files["brokenext-1.0.dist-info/METADATA"] as string, "Requires-Dist: idna>=3");
    const lines = (files["__editable__.brokenext-1.0.pth"] as string).trim();
    const asked = ["-c", "import demo; print(demo.answer)"];
    const env = { PATH: process.env["PATH"], PYTHONPATH: lines };
    assert.is(execFileSync(interpreter.path, asked, { env, encoding: "utf8" }), "42\n");
    assert.equal(await build({ ...input, want: "editable" }, machine.open()), output);
  });

test("a tree that is known to stay as it is, is built once, and in a copy", async ({ machine }) => {
  const input = machine.tree(`${COPY}
@staticmethod
def get_requires_for_build_wheel(config_settings=None):
    (HERE.parent / "left-behind").write_text("x")
    return []
`);
  const known = { ...input, content: "git abc" };
  const first = await build(known, machine.open());
  assert.not.ok(fs.existsSync(path.join(input.path, "left-behind")));
  fs.rmSync(input.path, { recursive: true });
  fs.mkdirSync(input.path);
  assert.equal(await build(known, machine.open()), first);
  assert.equal(notes(machine), ["build_wheel"]);
});

test("sources whose name is not known yet are built for what they are", async ({ machine }) => {
  const input = machine.tree(COPY);
  const output = await build({ ...input, name: "" as never, version: "", want: "metadata" }, machine.open());
  assert.match(fs.readFileSync(path.join(output?.path as string, "METADATA"), "utf8"), "Name: brokenext");
});

test.run();
