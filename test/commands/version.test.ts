import fs from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../harness/executable.ts";
import { inPlace } from "../harness/project.ts";

const { version } = JSON.parse(fs.readFileSync(`${REPOSITORY}/package.json`, "utf8")) as { readonly version: string };

for (const flag of ["--version", "-V"]) {
  test(
    `${flag} prints name and version, and nothing else`,
    inPlace(async (place) => {
      const { exitCode, stdout, stderr } = await place.run([flag]);
      assert.equal([exitCode, stdout, stderr], [0, `pybun ${version}\n`, ""]);
    }),
  );
}

test(
  "it needs neither settings that can be read nor a home, and writes nothing",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": "not [ toml", ".pybun/config.toml": "= nothing" });
    const { exitCode, stdout } = await place.run(["--version"], { env: { HOME: "/nowhere", PYBUN_PRESET: "none" } });
    assert.equal([exitCode, stdout], [0, `pybun ${version}\n`]);
    assert.equal([fs.existsSync(place.data), fs.readdirSync(place.home)], [false, []]);
  }),
);

test(
  "as JSON it says what the executable is",
  inPlace(async (place) => {
    const { data } = (await place.run(["--version", "--format=json"])).json();
    assert.is(data["version"], version);
    for (const field of ["commit", "target", "runtime", "preset"]) assert.type(data[field], "string");
  }),
);

test.run();
