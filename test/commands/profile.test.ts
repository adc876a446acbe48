import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place } from "../harness/project.ts";

const SHOW = `import sys, fractions\nprint(sys.flags.optimize, sys.argv[1:])\n`;
const placed = (body: (place: Place) => Promise<void>, profiles = "") =>
  inPlace(async (place) => {
    place.write({ "app.py": SHOW, "pyproject.toml": `[project]\nname = "p"\nversion = "1"\n${profiles}` });
    await body(place);
  });
const OWN = `\n[tool.pybun.profiles.ci]\nextends = "prod"\noptimise = 2\n`;

test(
  "profiles are listed, shown, compared and written, one's own among them",
  placed(async (place) => {
    const { data } = (await place.run(["--format=json", "profile", "--compare", "prod", "ci"])).json();
    assert.equal(data["differences"], [{ key: "optimise", values: [1, 2] }]);
    await place.run(["profile", "--show", "ci", "-o", "new/ci.json"]);
    assert.is(JSON.parse(place.read("new/ci.json")).profiles.ci.optimise, 2);
    await place.run(["profile", "-o", "all.toml"]);
    const listed = place.read("all.toml");
    place.write({ "pyproject.toml": `[project]\nname = "p"\nversion = "1"\n\n${listed}` });
    await place.run(["profile", "-o", "again.toml"]);
    assert.is(place.read("again.toml"), listed, "what is written can be read");
    assert.match((await place.run(["profile", "--list"], { env: { PYBUN_PROFILE: "ci" } })).stdout, /ci \*/);
  }, OWN),
);

test(
  "flag before variable before file decides the profile, each time anew",
  placed(async (place) => {
    const optimised = async (words: readonly string[], env = {}) =>
      (await place.run(["run", ...words, "app.py", "x"], { env })).stdout;
    assert.is(await optimised([]), "1 ['x']\n");
    assert.is(await optimised([]), "1 ['x']\n", "also when the run is repeated");
    assert.is(await optimised([], { PYBUN_PROFILE: "dev" }), "0 ['x']\n");
    assert.is(await optimised(["--profile=ci"], { PYBUN_PROFILE: "dev" }), "2 ['x']\n");
    assert.is(await optimised(["-O"]), "1 ['x']\n", "what is typed for Python counts");
    const unknown = await place.run(["run", "--profile", "prd", "app.py"]);
    assert.is(unknown.exitCode, 3);
    assert.match(unknown.stderr, /E_PROFILE_UNKNOWN.*`prd`[^]*did you mean `prod`/);
  }, `\n[tool.pybun.run]\nprofile = "prod"\n${OWN}`),
);

test(
  "benchmark tells what the phases took, to people and to programs",
  placed(async (place) => {
    const text = await place.run(["run", "--profile", "benchmark", "app.py"]);
    assert.is(text.stdout, "1 []\n");
    assert.match(text.stderr, /start [\d.]+ ms, environment [\d.]+ ms, imports [\d.]+ ms, run [\d.]+ ms/);
    const { data, events } = (await place.run(["--format=json", "run", "--profile", "benchmark", "app.py"])).json();
    const timings = data["timings"] as Record<string, number>;
    assert.equal(Object.keys(timings), ["start", "environment", "imports", "run"]);
    assert.ok((timings["imports"] as number) > 0);
    const phases = (events as { type: string; phase?: string }[]).filter(({ type }) => type === "RunPhase");
    assert.equal(
      phases.map(({ phase }) => phase),
      Object.keys(timings),
    );
    place.write({ "dies.py": "import os\nos._exit(3)\n" });
    const died = (await place.run(["--format=json", "run", "--profile", "benchmark", "dies.py"])).json();
    assert.equal([died.exit_code, (died.data["timings"] as { imports: unknown }).imports], [3, null]);
  }),
);

test.run();
