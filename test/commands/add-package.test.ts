import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", requires: ["beta"] },
    { name: "beta", version: "1.0" },
    { name: "gamma", version: "1.0" },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

/** A backend of the project's own: what it writes into METADATA it reads from the file, and it refuses what is forbidden. */
const BACKEND = `
import base64, hashlib, os, re, zipfile

def _requires():
    text = open("pyproject.toml").read()
    return re.findall(r'"([^"]+)"', re.search(r"^dependencies = \\[(.*?)\\]", text, re.S | re.M).group(1))

def get_requires_for_build_editable(config_settings=None):
    return []

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    if any("gamma" in each for each in _requires()):
        raise SystemExit("this backend does not like gamma")
    name = "shop-1.0-py3-none-any.whl"
    lines = "".join(f"Requires-Dist: {each}\\n" for each in _requires())
    info = "shop-1.0.dist-info/"
    files = {
        "shop.pth": os.getcwd() + "\\n",
        info + "METADATA": "Metadata-Version: 2.1\\nName: shop\\nVersion: 1.0\\n" + lines,
        info + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    digest = lambda text: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    record = "".join(f"{path},sha256={digest(text)},{len(text)}\\n" for path, text in files.items())
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr(info + "RECORD", record + info + "RECORD,,\\n")
    return name
`;
const PROJECT = `[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "shop"
version = "1.0"
requires-python = ">=3.9"
dependencies = [
    "beta>=1",
]
`;

const state = (place: Place): readonly string[] =>
  ["pyproject.toml", "pybun.lockb"].map((name) => fs.readFileSync(path.join(place.cwd, name), "latin1"));
const said = async (place: Place): Promise<string> =>
  (await place.run(["run", "-c", "import importlib.metadata as m; print(*sorted(m.requires('shop')))"])).stdout;

test(
  "the project itself is installed anew, so that what it says it requires is true",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT, "backend.py": BACKEND });
    await place.run(["install"]);
    assert.is(await said(place), "beta>=1\n");
    const { exitCode, stderr } = await place.run(["add", "alpha"]);
    assert.equal([exitCode, stderr], [0, ""]);
    assert.is(await said(place), "alpha>=1.0 beta>=1\n");
    assert.is((await place.run(["sync", "--check"])).exitCode, 0);
    await place.run(["remove", "alpha"]);
    assert.is(await said(place), "beta>=1\n");
  }),
);

test(
  "where it can't be built any more, everything is as it was",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT, "backend.py": BACKEND });
    await place.run(["install"]);
    const before = state(place);
    const { exitCode, stderr } = await place.run(["add", "gamma"]);
    assert.is(exitCode, 7, stderr);
    assert.match(stderr, "this backend does not like gamma");
    assert.match(stderr, "  nothing was changed\n");
    assert.equal(state(place), before);
    assert.is((await place.run(["sync", "--check"])).exitCode, 0, "the environment too");
    assert.is((await place.run(["run", "-c", "import gamma"])).exitCode, 1);
    assert.is(await said(place), "beta>=1\n");
  }),
);

test(
  "also where there was no lock and no environment",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT, "backend.py": BACKEND });
    const { exitCode } = await place.run(["add", "gamma"]);
    assert.is(exitCode, 7);
    assert.equal([place.read("pyproject.toml"), place.exists("pybun.lockb")], [PROJECT, false]);
  }),
);

test.run();
