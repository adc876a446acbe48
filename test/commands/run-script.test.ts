import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";
import { makeWheel } from "../harness/wheel.ts";

// Scripts that carry their requirements (PEP 723).

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", requires: ["beta"] },
    { name: "beta", version: "1.0" },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const script = (dependencies: readonly string[], body: string, more = ""): string =>
  `# /// script\n# dependencies = ${JSON.stringify(dependencies)}\n${more}# ///\n${body}`;
const BODY = "import alpha, sys\nprint(alpha.version, sys.argv[1:])\n";

const environments = (place: Place): string[] => {
  const folder = path.join(place.data, "pep723-envs");
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
};

test(
  "the first run installs, the second finds the environment, and both print only the script's output",
  placed(async (place) => {
    place.write({ "s.py": script(["alpha"], BODY) });
    const first = await place.run(["--format=json", "run", "s.py"]);
    const second = await place.run(["--format=json", "run", "s.py"]);
    assert.equal([first.json().data["cache_hit"], second.json().data["cache_hit"]], [false, true]);
    assert.equal((second.json().data["pep723"] as { dependencies: unknown }).dependencies, ["alpha"]);
    const text = await place.run(["run", "s.py", "-x"]);
    assert.equal([text.stdout, text.stderr], ["1.0 ['-x']\n", ""]);
    assert.is(environments(place).length, 1);
  }),
);

test(
  "order, case and spelling of requirements don't make another environment; another requirement does",
  placed(async (place) => {
    place.write({
      "a.py": script(["alpha", "beta>=1"], BODY),
      "b.py": script(["beta>=1", "Alpha"], BODY),
      "c.py": script(["alpha"], BODY),
    });
    for (const file of ["a.py", "b.py"]) assert.is((await place.run(["run", file])).stdout, "1.0 []\n");
    assert.is(environments(place).length, 1);
    await place.run(["run", "c.py"]);
    assert.is(environments(place).length, 2);
  }),
);

test(
  "a repeated run writes nothing",
  placed(async (place) => {
    place.write({ "s.py": script(["alpha"], "") });
    for (let count = 0; count < 3; count++) await place.run(["run", "s.py"]);
    const state = (): string =>
      fs
        .readdirSync(place.data, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.parentPath.includes("logs"))
        .map((entry) => {
          const file = path.join(entry.parentPath, entry.name);
          return `${file} ${fs.lstatSync(file).mtimeMs} ${fs.lstatSync(file).ino}`;
        })
        .join("\n");
    const before = state();
    await place.run(["run", "s.py"]);
    assert.is(state(), before);
  }),
);

test(
  "an environment that pip has changed is set right before the next run",
  placed(async (place) => {
    place.write({ "s.py": script(["alpha"], BODY) });
    for (let count = 0; count < 2; count++) assert.is((await place.run(["run", "s.py"])).stdout, "1.0 []\n");
    const root = path.join(place.data, "pep723-envs", environments(place)[0] ?? "");
    const below = fs.readdirSync(root, { recursive: true, encoding: "utf8" });
    const sitePackages = path.join(root, below.find((entry) => path.basename(entry) === "site-packages") ?? "");
    const uninstall = (name: string): void => {
      for (const entry of fs.readdirSync(sitePackages))
        if (entry === name || entry.startsWith(`${name}-`))
          fs.rmSync(path.join(sitePackages, entry), { recursive: true });
    };
    uninstall("alpha");
    const again = await place.run(["run", "s.py"]);
    assert.equal([again.stdout, again.stderr], ["1.0 []\n", ""]);
    // What only changes the folder, as Python's own cache does, makes no work.
    fs.mkdirSync(path.join(sitePackages, "__pycache__"));
    assert.is((await place.run(["--format=json", "run", "s.py"])).json().data["cache_hit"], true);
  }),
);

test(
  "a requirement on this machine is looked at before each run",
  placed(async (place) => {
    const put = (content: string): string => {
      const { filename, bytes } = makeWheel({ name: "alpha", version: "1.0", files: { "alpha.py": content } });
      fs.writeFileSync(path.join(place.cwd, filename), bytes);
      return pathToFileURL(path.join(place.cwd, filename)).href;
    };
    place.write({ "s.py": script([`alpha @ ${put("version = 'old'\n")}`], BODY) });
    for (let count = 0; count < 2; count++) assert.is((await place.run(["run", "s.py"])).stdout, "old []\n");
    put("version = 'new'\n# longer\n");
    assert.is((await place.run(["run", "s.py"])).stdout, "new []\n");
  }),
);

test(
  "without requirements no environment is made",
  placed(async (place) => {
    place.write({ "s.py": script([], "print('bare')\n") });
    assert.is((await place.run(["run", "s.py"])).stdout, "bare\n");
    assert.equal(environments(place), []);
  }),
);

test(
  "PYBUN_PEP723_NO_CACHE makes an environment for one run, gone afterwards, also when the script fails",
  placed(async (place) => {
    place.write({ "s.py": script(["alpha"], "import alpha, sys\nprint(sys.prefix)\nsys.exit(3)\n") });
    const { exitCode, stdout } = await place.run(["run", "s.py"], { env: { PYBUN_PEP723_NO_CACHE: "1" } });
    assert.is(exitCode, 3);
    assert.ok(stdout.startsWith(place.root), stdout);
    assert.not.ok(fs.existsSync(stdout.trim()));
    assert.equal(environments(place), []);
  }),
);

test(
  "requires-python decides which interpreter runs, and one that nobody has is told with the line",
  placed(async (place) => {
    const [major, minor] = requirePython().version;
    place.write({
      "fits.py": script([], "print('ran')\n", `# requires-python = ">=${major}.${minor}"\n`),
      "never.py": script([], "print('ran')\n", '# requires-python = ">=3.99"\n'),
    });
    assert.is((await place.run(["run", "fits.py"])).stdout, "ran\n");
    const never = await place.run(["run", "never.py"]);
    assert.equal([never.exitCode, never.stdout], [3, ""]);
    assert.match(never.stderr, /error\[E_PYTHON_NOT_FOUND\].*3\.99/);
    assert.match(never.stderr, "never.py");
  }),
);

test(
  "the environment is a whole one: prefix, activation, metadata and no package of the host",
  placed(async (place) => {
    const body = `import alpha, importlib.metadata as m, sys
print(sys.prefix != sys.base_prefix, sorted(d.name for d in m.distributions()), alpha.__file__.startswith(sys.prefix))
`;
    place.write({ "s.py": script(["alpha"], body) });
    assert.is((await place.run(["run", "s.py"])).stdout, "True ['alpha', 'beta'] True\n");
  }),
);

test(
  "a script that is edited gets what it asks for now",
  placed(async (place) => {
    place.write({ "s.py": script(["beta"], "import beta\nprint('beta')\n") });
    assert.is((await place.run(["run", "s.py"])).stdout, "beta\n");
    place.write({ "s.py": script(["alpha"], BODY) });
    assert.is((await place.run(["run", "s.py"])).stdout, "1.0 []\n");
  }),
);

test(
  "two runs at once share the work and both succeed",
  placed(async (place) => {
    place.write({ "s.py": script(["alpha"], BODY) });
    index.forget();
    const results = await Promise.all(Array.from({ length: 4 }, () => place.run(["run", "s.py"])));
    for (const { stdout, stderr } of results) assert.equal([stdout, stderr], ["1.0 []\n", ""]);
    assert.is(environments(place).length, 1);
  }),
);

test.run();
