import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeRepository, projectFiles } from "../harness/git-repository.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const releases = (name: string, versions: readonly string[], requires: readonly string[] = []) =>
  versions.map((version) => ({ name, version, requires }));
const index = await startIndex({
  packages: [
    ...releases("a", ["1.0", "1.1", "2.0"], ["b"]),
    ...releases("b", ["1.0", "2.0"]),
    ...releases("c", ["1.0", "2.0"]),
  ],
});
test.after(() => index.stop());

const placed = (requires: readonly string[], body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({
        "pyproject.toml": `[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(requires)}\n`,
      });
      await body(place);
    },
    { index },
  );
async function locked(place: Place, ...words: string[]): Promise<string> {
  const lock = await place.run(["lock", ...words]);
  assert.is(lock.exitCode, 0, lock.stderr);
  const { packages } = JSON.parse((await place.run(["lock", "--json"])).stdout) as {
    readonly packages: readonly { readonly name: string; readonly version: string; readonly marker: string }[];
  };
  return packages
    .filter(({ name }) => name !== "app")
    .map(({ name, version, marker }) => `${name} ${version}${marker === "" ? "" : ` ; ${marker}`}`)
    .join(", ");
}

const UV = `version = 1
[[package]]
name = "a"
version = "1.1"
source = { registry = "https://other.example/simple" }
[[package]]
name = "b"
version = "1.0"
source = { registry = "https://other.example/simple" }
`;

test(
  "versions of another tool's lock are kept where they fit, the rest is chosen as ever",
  placed(["a", "c"], async (place) => {
    place.write({ "uv.lock": UV });
    assert.is(await locked(place, "--import", "uv.lock"), "a 1.1, b 1.0, c 2.0");
    // From then on they are the lock's own.
    assert.is(await locked(place), "a 1.1, b 1.0, c 2.0");
  }),
);

test(
  "a branch means the commit that is locked there, wherever it stands by now",
  placed(["lib"], async (place) => {
    const repository = makeRepository(path.join(place.root, "served", "lib"));
    const url = repository.url.slice("git+".length);
    const before = repository.commit(projectFiles({ name: "lib", version: "1.0" }));
    const after = repository.commit(projectFiles({ name: "lib", version: "2.0" }));
    place.write({
      "pyproject.toml": `${place.read("pyproject.toml")}[tool.uv.sources]\nlib = { git = "${url}", branch = "main" }\n`,
      "uv.lock": `version = 1\n[[package]]\nname = "lib"\nversion = "1.0"\nsource = { git = "${url}?branch=main#${before}" }\n`,
    });
    assert.is(await locked(place, "--import", "uv.lock"), "lib 1.0");
    assert.match((await place.run(["export"])).stdout, before);
    assert.is(await locked(place, "--upgrade"), "lib 2.0");
    assert.match((await place.run(["export"])).stdout, after);
  }),
);

test(
  "a version the project does not allow is no obstacle",
  placed(["a>=2", "c"], async (place) => {
    place.write({ "requirements.txt": "a==1.1\nb==1.0\n" });
    assert.is(await locked(place, "--import", "requirements.txt"), "a 2.0, b 1.0, c 2.0");
  }),
);

test(
  "they go before those that are locked already, of other packages nothing changes",
  placed(["a", "c<2"], async (place) => {
    assert.is(await locked(place), "a 2.0, b 2.0, c 1.0");
    place.write({ "pyproject.toml": place.read("pyproject.toml").replace("c<2", "c"), "uv.lock": UV });
    assert.is(await locked(place, "--import", "uv.lock"), "a 1.1, b 1.0, c 1.0");
  }),
);

test(
  "what can't be imported is told, and nothing is written",
  placed(["a"], async (place) => {
    place.write({ "poetry.lock": "[[package]]\n" });
    for (const [words, code, message] of [
      [["--import", "uv.lock"], 3, "no versions can be taken from uv.lock: it is not there"],
      [["--import", "poetry.lock"], 3, "`package[0].name` is missing"],
      [["--import", "uv.lock", "--check"], 2, "`--check` changes nothing"],
      [["--import", "uv.lock", "--upgrade"], 2, "`--upgrade` keeps no version"],
    ] as const) {
      const { exitCode, stderr } = await place.run(["lock", ...words]);
      assert.is(exitCode, code, words.join(" "));
      assert.match(stderr, message);
    }
    assert.not(place.exists("pybun.lockb"));
  }),
);

for (const command of ["lock", "install"])
  test(
    `the first ${command} of a project with another tool's lock says how its versions can be kept`,
    placed(["a"], async (place) => {
      place.write({ "uv.lock": UV });
      const next = async (...words: string[]): Promise<readonly string[]> => {
        const { next_actions: actions } = (await place.run(["--format=json", ...words])).json() as never as {
          readonly next_actions: readonly { readonly shell: string }[];
        };
        return actions.map(({ shell }) => shell);
      };
      const expected = ["pybun lock --import uv.lock"];
      assert.equal(await next(command), expected);
      assert.equal(await next(command), []);
      assert.equal(await next("lock", "--import", "uv.lock"), []);
      assert.is(await locked(place), "a 1.1, b 1.0");
    }),
  );

test.run();
