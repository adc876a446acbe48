import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../test/harness/executable.ts";
import { filesBelow } from "../test/harness/files.ts";
import { referencePages } from "./reference.ts";
import { OTHER_VARIABLES, SYSTEM_VARIABLES } from "./variables.ts";

const pages = referencePages();

for (const [name, text] of Object.entries(pages))
  test(`docs/reference/${name} is what the declarations say; if not: npm run docs`, () => {
    assert.fixture(fs.readFileSync(path.join(import.meta.dirname, "reference", name), "utf8"), text);
  });

const sources = ["kernel", "plugin-api", "plugins", "presets"]
  .flatMap((folder) => filesBelow(REPOSITORY, folder, (file) => /(?<!\.test|\.child)\.ts$/.test(file)))
  .map((file) => fs.readFileSync(path.join(REPOSITORY, file), "utf8"))
  .join("\n");

test("every variable that the code reads by name is documented", () => {
  const read = new Set([...sources.matchAll(/\benv\["([A-Z][A-Z0-9_]+)"\]/g)].map((match) => match[1] as string));
  const missing = [...read].filter(
    (name) => !SYSTEM_VARIABLES.has(name) && !pages["environment.md"]?.includes(`\`${name}\``),
  );
  assert.equal(missing, []);
});

test("every variable that is documented beside options is read by the code", () => {
  assert.equal(
    Object.keys(OTHER_VARIABLES).filter((name) => !sources.includes(`"${name}"`)),
    [],
  );
});

test.run();
