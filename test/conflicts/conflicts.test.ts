import path from "node:path";
import { test } from "uvu";
import { filesBelow } from "../harness/files.ts";
import { readConflictCase } from "./conflict-case.ts";
import { runConflictCase } from "./run-conflict-case.ts";

for (const file of filesBelow(import.meta.dirname, ".", (name) => name.endsWith(".toml"))) {
  const stated = readConflictCase(path.join(import.meta.dirname, file));
  test(`${file}: ${stated.about}`, () => runConflictCase(stated));
}

test.run();
