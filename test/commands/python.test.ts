import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeFakePython } from "../harness/fake-python.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";

const absolute = (place: Place, file: string): string => file.replace(/^~/, place.home);

interface Row {
  readonly version: string;
  readonly path: string;
  readonly active: boolean;
  readonly abi: string;
}
/** A pyenv of the place's own, with one version. */
function withPyenv(place: Place): { readonly file: string; readonly env: { readonly PYENV_ROOT: string } } {
  const root = path.join(place.home, ".pyenv");
  const file = path.join(root, "versions/3.9.77/bin/python3.9");
  writeFakePython(file, { version: "3.9.77" });
  return { file, env: { PYENV_ROOT: root } };
}

const list = async (place: Place): Promise<readonly Row[]> => {
  const result = await place.run(["python", "list", "--format=json"]);
  assert.is(result.exitCode, 0, result.stderr);
  return result.json().data["interpreters"] as readonly Row[];
};

test(
  "list has every Python that PATH leads to, and marks one",
  inPlace(async (place) => {
    const rows = await list(place);
    const found = rows.map((row) => fs.realpathSync(absolute(place, row.path)));
    assert.ok(found.includes(requirePython().path));
    assert.is(rows.filter(({ active }) => active).length, 1);
    assert.is(new Set(found).size, found.length);
  }),
);

test(
  "find and which print one path, and an older Python by request",
  inPlace(async (place) => {
    const { file, env } = withPyenv(place);
    const { stdout, stderr, exitCode } = await place.run(["python", "find", "3.9.77"], { env });
    assert.equal([exitCode, stderr, stdout], [0, "", `${file}\n`]);
    const which = await place.run(["python", "which", "--format=json"], { env: { ...env, PYBUN_PYTHON: "3.9.77" } });
    assert.is(which.json().data["reason"], "asked by PYBUN_PYTHON");
    assert.is(which.json().data["version"], "3.9.77");
    const flag = await place.run(["--python", "3.9", "python", "which", "--format=json"], { env });
    assert.equal([flag.json().data["version"], flag.json().data["reason"]], ["3.9.77", "asked by --python"]);
  }),
);

test(
  "what is not there ends with 3 and says what is",
  inPlace(async (place) => {
    const result = await place.run(["python", "find", "3.99"]);
    assert.equal([result.exitCode, result.stdout], [3, ""]);
    assert.match(result.stderr, "error[E_PYTHON_NOT_FOUND]: no Python matches `3.99`, asked by the command line");
    assert.match(result.stderr, /installed {3}.*3\.\d+\.\d+ \(/);
    assert.match(result.stderr, "hint: see what is there: `pybun python list`");
  }),
);

test(
  "a pin holds from then on, in every folder of the project",
  inPlace(async (place) => {
    const { env } = withPyenv(place);
    place.write({ "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.9"\n', "src/x.py": "" });
    const inSrc = { env, cwd: path.join(place.cwd, "src") };
    assert.is(
      (await place.run(["python", "pin", "3.9.77"], inSrc)).stdout,
      "Pinned Python 3.9.77 in ../.python-version\n",
    );
    assert.is(place.read(".python-version"), "3.9.77\n");
    assert.is((await place.run(["python", "which", "--format=json"], inSrc)).json().data["version"], "3.9.77");
    place.write({ "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.10"\n' });
    const refused = await place.run(["python", "pin", "3.9"], inSrc);
    assert.is(refused.exitCode, 3);
    assert.match(refused.stderr, "error[E_PYTHON_MISMATCH]: `3.9` does not fit the project, which requires `>=3.10`");
    assert.is(place.read(".python-version"), "3.9.77\n");
  }),
);

test.run();
