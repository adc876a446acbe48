import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

// What `run --with` is laid over.

const tool = "import alpha, sys\ndef main():\n    import beta\n    print(alpha.version, beta.version, sys.argv[1:])\n";
const index = await startIndex({
  packages: [
    ...["1.0", "2.0"].map((version) => ({ name: "alpha", version })),
    { name: "beta", version: "1.0", requires: ["alpha"] },
    { name: "gamma", version: "1.0", requires: ["alpha<2"] },
    { name: "show", version: "1.0", files: { "show.py": tool }, "console-scripts": { show: "show:main" } },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const VERSIONS = "import alpha, beta; print(alpha.version, beta.version)";
const project = (dependencies: readonly string[], more = ""): string =>
  `[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n${more}`;
const output = async (place: Place, argv: readonly string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await place.run(argv);
  assert.equal([exitCode, stderr], [0, ""]);
  return stdout.trim();
};

test(
  "a project's packages can be imported, too, in the versions it has, and commands of both work together",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(["alpha<2", "show"]) });
    assert.is(await output(place, ["run", "--with", "beta", "-c", VERSIONS]), "1.0 1.0");
    assert.is(await output(place, ["run", "--with", "beta", "show", "x y"]), "1.0 1.0 ['x y']");
    const nested = "import subprocess; print(subprocess.run(['which', 'show'], capture_output=True, text=True).stdout)";
    const where = await output(place, ["run", "--with", "beta", "-c", nested]);
    assert.is(path.relative(place.cwd, where), path.join(".pybun", "venv", "bin", "show"));
    const { exitCode } = await place.run(["run", "-c", "import beta"]);
    assert.is(exitCode, 1, "the project's environment does not have it");
    place.write({ "pyproject.toml": project(["alpha>=2"]) });
    assert.is(await output(place, ["run", "--with", "beta", "-c", "import alpha; print(alpha.version)"]), "2.0");
  }),
);

(process.platform === "win32" ? test.skip : test)(
  "a program that waits for its children finds none of PyBun's, which may still be compiling what was installed",
  placed(async (place) => {
    const code = "import os\ntry:\n    os.wait()\nexcept ChildProcessError:\n    print('none')";
    assert.is(await output(place, ["run", "--with", "beta", "-c", code]), "none");
  }),
);

test(
  "what is added comes first, where the project has another version",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(["alpha"]) });
    const code = "import alpha; print(alpha.version)";
    assert.is(await output(place, ["run", "-c", code]), "2.0");
    assert.is(await output(place, ["run", "--with", "gamma", "-c", code]), "1.0");
  }),
);

test(
  "a project that is installed from its folder is there as well, whatever the folder is called",
  placed(async (place) => {
    const own = '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n';
    const folder = "grün o'clock 🌱";
    place.write({
      [`${folder}/pyproject.toml`]: project([], own),
      [`${folder}/own.py`]: BACKEND,
      [`${folder}/src/app/__init__.py`]: "name = 'app'\n",
    });
    const code = "import app, beta; print(app.name, beta.version)";
    const { stdout, stderr } = await place.run(["run", "--with", "beta", "-c", code], {
      cwd: path.join(place.cwd, folder),
    });
    assert.equal([stdout, stderr], ["app 1.0\n", ""]);
  }),
);

test(
  "--isolated has nothing but what is added; outside of projects the active environment lies below",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(["alpha", "show"]) });
    await output(place, ["run", "-c", "import show"]);
    const isolated = await place.run(["run", "--isolated", "--with", "beta", "-c", "import show"]);
    assert.is(isolated.exitCode, 1);
    await output(place, ["venv", "../else/env"]);
    const env = { VIRTUAL_ENV: path.join(place.cwd, "..", "else", "env") };
    const cwd = path.join(place.cwd, "..", "else");
    const site = await place.run(["run", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], { env, cwd });
    place.write({ [`${path.relative(place.cwd, site.stdout.trim())}/mine.py`]: "x = 'mine'\n" });
    const code = "import mine, beta; print(mine.x, beta.version)";
    const { stdout, stderr } = await place.run(["run", "--with", "beta", "-c", code], { env, cwd });
    assert.equal([stdout, stderr], ["mine 1.0\n", ""]);
  }),
);

test(
  "--with-requirements adds what a file lists, its constraints included",
  placed(async (place) => {
    place.write({
      "pyproject.toml": project([]),
      "more/list.txt": "beta  # what is needed\n-c limits.txt\n-e ./own\n",
      "more/limits.txt": "alpha<2\n",
      "own/pyproject.toml": project([], '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n'),
      "own/own.py": BACKEND,
      "own/src/app/__init__.py": "name = 'own'\n",
    });
    const code = "import alpha, beta, app; print(alpha.version, beta.version, app.__file__)";
    const found = await output(place, ["run", "--isolated", "--with-requirements", "more/list.txt", "-c", code]);
    assert.is(found, `1.0 1.0 ${fs.realpathSync(place.cwd)}/own/src/app/__init__.py`);
    const missing = await place.run(["run", "--with-requirements", "none.txt", "-c", code]);
    assert.is(missing.exitCode, 3);
    assert.match(missing.stderr, "error[E_REQUIREMENTS_INVALID]: the requirements file `none.txt` is not there");
  }),
);

const BACKEND = `import os, zipfile
def get_requires_for_build_editable(config_settings=None):
    return []
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "app-1-py3-none-any.whl"
    files = {
        "app.pth": os.path.abspath("src") + "\\n",
        "app-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: app\\nVersion: 1\\n",
        "app-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    import hashlib, base64
    rows = ""
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        for path, text in files.items():
            data = text.encode()
            wheel.writestr(path, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows += f"{path},sha256={digest},{len(data)}\\n"
        wheel.writestr("app-1.dist-info/RECORD", rows + "app-1.dist-info/RECORD,,\\n")
    return name
`;

test.run();
