import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";

const index = await startIndex({
  packages: [
    { name: "a", version: "1.0", requires: ["b>=1"] },
    { name: "a", version: "2.0", requires: ["b>=1"], extras: { more: ["c"] } },
    { name: "b", version: "1.0" },
    { name: "b", version: "2.0", sdist: true },
    { name: "c", version: "1.0" },
    { name: "pip", version: "99.0" },
    { name: "pip-tools", version: "9.0", requires: ["tool-part"] },
    { name: "tool-part", version: "1.0" },
  ],
});
test.after(() => index.stop());
const inside = (body: (place: Place) => Promise<void>) => inPlace(body, { index });
const [major, minor] = requirePython().version;

const HEAD = (words: string): string =>
  `#\n# Made by PyBun with Python ${major}.${minor} by the following command:\n#\n#    pybun ${words}\n#\n`;

test(
  "compile pins what a file leads to and says who requires what",
  inside(async (place) => {
    place.write({ "requirements.in": "a[more]\nb\n" });
    const { stdout, exitCode } = await place.run(["pip", "compile", "requirements.in"]);
    assert.is(exitCode, 0);
    const body = [
      "a==2.0",
      "    # via -r requirements.in",
      "b==2.0",
      "    # via",
      "    #   -r requirements.in",
      "    #   a",
      "c==1.0",
      "    # via a",
      "",
    ];
    assert.is(stdout, HEAD("pip compile requirements.in") + body.join("\n"));
  }),
);

test(
  "what is written is kept as long as it fits, and installs the same again",
  inside(async (place) => {
    place.write({ "requirements.in": "a\n", "r.txt": "a==1.0\nb==1.0\n" });
    const compile = ["pip", "compile", "requirements.in", "-o", "r.txt", "--no-header", "--no-annotate"];
    await place.run(compile);
    assert.is(place.read("r.txt"), "a==1.0\nb==1.0\n");
    await place.run([...compile, "-P", "b"]);
    assert.is(place.read("r.txt"), "a==1.0\nb==2.0\n");
    await place.run([...compile, "--upgrade", "--dry-run"]);
    assert.is(place.read("r.txt"), "a==1.0\nb==2.0\n", "a dry run writes nothing");
    await place.run([...compile, "--upgrade"]);
    assert.is(place.read("r.txt"), "a==2.0\nb==2.0\n");
    await place.run(["pip", "sync", "r.txt"]);
    assert.is((await place.run(["pip", "freeze"])).stdout, "a==2.0\nb==2.0\n");
  }),
);

test(
  "a marker of the user's own stays behind what it is about",
  inside(async (place) => {
    place.write({ "r.in": "a; python_version > '3'\nc; python_version < '3'\n" });
    const { stdout } = await place.run(["pip", "compile", "r.in", "--no-header", "--no-annotate"]);
    assert.is(stdout, 'a==2.0 ; python_version > "3"\nb==2.0\n');
  }),
);

test(
  "hashes are those of all files of a release, and hold what is installed",
  inside(async (place) => {
    place.write({ "requirements.in": "b\n" });
    await place.run(["pip", "compile", "--generate-hashes", "--output-file", "r.txt"]);
    const hashes = [...place.read("r.txt").matchAll(/--hash=sha256:([0-9a-f]{64})/g)].map(([, hash]) => hash);
    assert.is(new Set(hashes).size, 2);
    assert.is((await place.run(["pip", "sync", "r.txt"])).exitCode, 0);
    place.write({ "r.txt": place.read("r.txt").replaceAll(/sha256:./g, "sha256:x".replace("x", "0")) });
    await place.run(["pip", "uninstall", "-y", "b"]);
    const { exitCode, stderr } = await place.run(["pip", "install", "-r", "r.txt"]);
    assert.is(exitCode, 1);
    assert.match(stderr, "error[E_HASH_MISMATCH]");
  }),
);

test(
  "a project's requirements, its extras, constraints and options of files",
  inside(async (place) => {
    place.write({
      "pyproject.toml":
        "[project]\nname = 'p'\nversion = '1'\ndependencies = ['a']\noptional-dependencies = { x = ['c'] }\n",
      "c.txt": "b<2\n",
      "o.in": `--extra-index-url ${index.url}\n--no-binary c\n`,
    });
    const words =
      "pip compile pyproject.toml o.in -c c.txt --extra x --only-binary c --no-header --annotation-style line";
    const { stdout, stderr } = await place.run(words.split(" "));
    const body = [
      `--extra-index-url ${index.url}`,
      "--no-binary c",
      "",
      "a==2.0                    # via p (pyproject.toml)",
      "b==1.0                    # via -c c.txt, a",
      "",
    ];
    assert.match(stderr, "c", "no wheel of it may be used, and it has no source");
    assert.is(stdout, "");
    const mended = await place.run(words.replace(" --only-binary c", "").replace(" o.in", "").split(" "));
    assert.is(
      mended.stdout,
      [...body.slice(3, 5), "c==1.0                    # via p[x] (pyproject.toml)", ""].join("\n"),
    );
  }),
);

test(
  "what is not there is told with exit code 1",
  inside(async (place) => {
    place.write({ "r.in": "nowhere\n", "pyproject.toml": "[project]\nname = 'p'\nversion = '1'\n" });
    for (const words of ["r.in", "no-such.in", "pyproject.toml --extra no", "-c r.in -c no-such.txt"]) {
      const { exitCode } = await place.run(["pip", "compile", ...words.split(" ")]);
      assert.is(exitCode, 1, words);
    }
    assert.is((await place.run(["pip", "compile", "r.in", "--resolver=legacy"])).exitCode, 2);
  }),
);

test(
  "sync installs, replaces and removes, but for what installs the others",
  inside(async (place) => {
    await place.run(["pip", "install", "a==1.0", "c", "pip", "pip-tools"]);
    place.write({ "requirements.txt": "a==2.0\nb==2.0\n" });
    const dry = await place.run(["pip", "sync", "--dry-run"]);
    assert.equal([dry.exitCode, dry.stdout], [1, "Would uninstall:\n  c\nWould install:\n  a==2.0\n"]);
    const { stdout } = await place.run(["pip", "sync"]);
    const told = "Successfully uninstalled a-1.0\nSuccessfully uninstalled c-1.0\nSuccessfully installed a-2.0\n";
    assert.is(stdout, told);
    assert.is(
      (await place.run(["pip", "freeze", "--all"])).stdout,
      "a==2.0\nb==2.0\npip==99.0\npip-tools==9.0\ntool-part==1.0\n",
    );
    assert.is((await place.run(["pip", "sync"])).stdout, "Everything up-to-date\n");
  }),
);

test(
  "sync does not empty an environment by accident",
  inside(async (place) => {
    await place.run(["pip", "install", "c"]);
    place.write({ "empty.txt": "# nothing\n" });
    assert.is((await place.run(["pip", "sync", "empty.txt"])).exitCode, 1);
    assert.is((await place.run(["pip", "sync", "--force", "empty.txt"])).exitCode, 0);
    assert.is((await place.run(["pip", "freeze"])).stdout, "");
    assert.is((await place.run(["pip", "sync"], { cwd: path.dirname(place.cwd) })).exitCode, 1);
  }),
);

test(
  "pybun sync reads requirements files as pip's commands do, with the indexes they name",
  inside(async (place) => {
    place.write({
      "pyproject.toml": "[project]\nname = 'p'\nversion = '1'\nrequires-python = '>=3.9'\n",
      "r.txt": `--index-url ${index.url}\na==1.0\nb==1.0\n`,
    });
    const env = { PYBUN_INDEX_URL: "http://127.0.0.1:9/simple/" };
    const { exitCode, stderr } = await place.run(["sync", "--from", "r.txt"], { env });
    assert.equal([exitCode, stderr], [0, ""]);
    assert.is((await place.run(["pip", "freeze"])).stdout, "a==1.0\nb==1.0\n");
  }),
);

test.run();
