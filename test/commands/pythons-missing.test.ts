import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { installedName, packFakePython } from "../harness/fake-python-tar.ts";
import { FAKE, fake, installed, mirrored, REAL_VERSION, real } from "../harness/python-scene.ts";

test(
  "what .python-version, --python and requires-python ask for is installed when it is missing, and told",
  mirrored(
    () => [real()],
    async ({ place, server, env, pythons }) => {
      // Nothing but what is installed is found.
      const bare = {
        ...env,
        PATH: "/usr/bin:/bin",
        PYENV_ROOT: path.join(place.root, "no-pyenv"),
      };
      const isAlone = (await place.run(["python", "find", REAL_VERSION], { env: bare })).exitCode === 3;
      if (!isAlone) return; // the system's own Python is this version
      place.write({
        ".python-version": `# the server's\n${REAL_VERSION}\n`,
        "a.py": "import sys; print(sys.base_prefix)",
      });
      const looked = await place.run(["python", "find", REAL_VERSION], { env: bare });
      assert.equal([looked.exitCode, server.count("tar.gz")], [3, 0], "find only finds");
      assert.match(looked.stderr, `to install  ${REAL_VERSION.replace(/\.\d+$/, "")}\n`);
      const manual = await place.run(["run", "a.py"], { env: { ...bare, PYBUN_PYTHON_DOWNLOADS: "manual" } });
      assert.is(manual.exitCode, 3);
      assert.match(manual.stderr, `no Python matches \`${REAL_VERSION}\`, asked by .python-version:2`);
      assert.match(manual.stderr, `hint: install it: \`pybun python install ${REAL_VERSION}\``);
      const never = { ...bare, PYBUN_PYTHON_DOWNLOADS: "never" };
      assert.not.match((await place.run(["run", "a.py"], { env: never })).stderr, "python install");
      const refused = await place.run(["python", "install", REAL_VERSION], { env: never });
      assert.match(
        refused.stderr,
        "error[E_PYTHON_NOT_AVAILABLE]: no Python is installed, `python-downloads` is `never`",
      );
      assert.is(server.count("tar.gz"), 0);
      const run = await place.run(["run", "a.py"], { env: bare });
      assert.equal([run.exitCode, run.stdout], [0, `${path.join(pythons, installedName(REAL_VERSION))}\n`], run.stderr);
      assert.match(run.stderr, `Python ${REAL_VERSION} was installed, asked by .python-version:2`);
      const again = await place.run(["run", "a.py"], { env: bare });
      assert.equal([again.stderr, server.count("tar.gz")], ["", 1]);
    },
  ),
);

for (const [name, words, files] of [
  ["--python", ["--python", "3.12", "venv", "env"], {}],
  [
    "requires-python",
    ["venv", "env"],
    { "pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = "==3.12.90"\n' },
  ],
] as const)
  test(
    `${name} has a missing Python installed`,
    mirrored(fake, async ({ place, env, pythons }) => {
      const bare = {
        ...env,
        PATH: "/usr/bin:/bin",
        PYENV_ROOT: path.join(place.root, "no-pyenv"),
      };
      if ((await place.run(["python", "find", "3.12"], { env: bare })).exitCode === 0) return; // the system's own
      place.write(files);
      const made = await place.run(words, { env: bare });
      assert.equal([made.exitCode, installed(pythons)], [0, [installedName(FAKE)]], made.stderr);
    }),
  );

test(
  "install without a request takes what the folder asks for",
  mirrored(
    () => [...fake(), packFakePython({ version: "3.11.90" }), packFakePython({ version: "3.13.90" })],
    async ({ place, env, pythons }) => {
      place.write({ "pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.9,<3.12"\n' });
      assert.is((await place.run(["python", "install"], { env })).exitCode, 0);
      assert.equal(installed(pythons), [installedName("3.11.90")]);
      place.write({ ".python-version": "3.12\n" });
      assert.is((await place.run(["python", "install"], { env })).exitCode, 0);
      assert.equal(installed(pythons), [installedName("3.11.90"), installedName(FAKE)]);
      const above = await place.run(["python", "install"], { env, cwd: place.home });
      assert.is(above.stdout, `Up to date: Python ${FAKE}\n`, "anything will do, and something is here");
    },
  ),
);

test.run();
