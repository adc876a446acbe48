import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeRepository, projectFiles } from "../harness/git-repository.ts";
import { inPlace, type Place } from "../harness/project.ts";
import type { Release } from "../harness/release.ts";
import { makeSdist } from "../harness/sdist.ts";
import { makeWheel } from "../harness/wheel.ts";

const DEMO: Release = {
  name: "demo",
  version: "1.0",
  extras: { more: [] },
  files: { "demo.py": "def main():\n    print('demo 1.0')\n" },
  "console-scripts": { demo: "demo:main" },
};
const CODE = "import demo; demo.main()";

function write(place: Place, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [file, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(place.cwd, file)), { recursive: true });
    fs.writeFileSync(path.join(place.cwd, file), content);
  }
}
async function printed(place: Place, ...argv: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await place.run(argv);
  assert.equal([exitCode, stderr], [0, ""], argv.join(" "));
  return stdout;
}

test(
  "what lies at a path or URL is added and run as it is typed",
  inPlace(async (place) => {
    const [wheel, sdist] = [makeWheel(DEMO), makeSdist(DEMO)];
    write(place, {
      ...projectFiles(DEMO, "sub/"),
      [wheel.filename]: wheel.bytes,
      [`dist/${sdist.filename}`]: sdist.bytes,
    });
    const repository = makeRepository(path.join(place.root, "repository"));
    repository.commit(projectFiles(DEMO));
    for (const typed of [
      "./sub",
      "sub/",
      "./sub[more]",
      path.join(place.cwd, "sub"),
      `./${wheel.filename}`,
      `dist/${sdist.filename}`,
      "demo @ ./sub",
      repository.url,
    ]) {
      assert.is(await printed(place, "run", "--with", typed, "-c", CODE), "demo 1.0\n", typed);
      assert.is(await printed(place, "x", typed), "demo 1.0\n", `x ${typed}`);
    }
    assert.is(await printed(place, "x", "--from", "./sub", "demo"), "demo 1.0\n");
    assert.is(await printed(place, "x", "--with", "./sub", "python", "-c", CODE), "demo 1.0\n");
  }),
);

test(
  "a project's folder is read anew when something in it has changed",
  inPlace(async (place) => {
    write(place, projectFiles(DEMO, "sub/"));
    await printed(place, "run", "--with", "./sub", "-c", CODE);
    const other = { ...DEMO, version: "2.0.1", files: { "demo.py": "def main():\n    print('demo 2.0.1')\n" } };
    write(place, projectFiles(other, "sub/"));
    assert.is(await printed(place, "run", "--with", "./sub", "-c", CODE), "demo 2.0.1\n");
  }),
);

const EDITABLE = `import pathlib, shutil
HERE = pathlib.Path(__file__).parent

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = next(HERE.glob("*.whl")).name
    shutil.copy(HERE / name, folder)
    return name
`;

test(
  "changes to an editable project count at once",
  inPlace(async (place) => {
    write(place, projectFiles({ ...DEMO, backend: EDITABLE, files: {} }, "sub/"));
    write(place, { "sub/src/demo.py": "def main():\n    print('first')\n" });
    assert.is(await printed(place, "run", "--with-editable", "./sub", "-c", CODE), "first\n");
    write(place, { "sub/src/demo.py": "def main():\n    print('second')\n" });
    assert.is(await printed(place, "run", "-e", "sub", "-c", CODE), "second\n");
    assert.is(await printed(place, "x", "-e", "./sub", "python", "-c", CODE), "second\n");
    const envs = fs.readdirSync(path.join(place.data, "pep723-envs"));
    assert.is(envs.length, 1, "its modules are no part of the environment");
    const origin = "import importlib.metadata as m; print(m.distribution('demo').read_text('direct_url.json'))";
    assert.match(await printed(place, "run", "-e", "sub", "-c", origin), '"dir_info":{"editable":true}');
    write(place, { "sub/src/demo.py": "", "app.py": "import demo" });
    const { stderr, exitCode } = await place.run(["run", "-e", "app.py", "-c", CODE]);
    assert.equal([exitCode, /`app.py` is no folder/.test(stderr)], [2, true]);
  }),
);

test(
  "a path that leads nowhere is told of as one",
  inPlace(async (place) => {
    for (const typed of ["./nowhere", "demo-1.0-py3-none-any.whl"]) {
      const { exitCode, stderr } = await place.run(["run", "--with", typed, "-c", CODE]);
      assert.is(exitCode, 2);
      assert.match(stderr, `error[E_USAGE]: there is no file or folder \`${typed}\``);
    }
    const tool = await place.run(["x", "./nowhere"]);
    assert.is(tool.exitCode, 2);
  }),
);

test.run();
