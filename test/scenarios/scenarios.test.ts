import path from "node:path";
import { test } from "uvu";
import { filesBelow } from "../harness/files.ts";
import { runScenario } from "./run-scenario.ts";
import { readScenario } from "./scenario.ts";

for (const file of filesBelow(import.meta.dirname, ".", (name) => name.endsWith(".toml"))) {
  const scenario = readScenario(path.join(import.meta.dirname, file));
  test(`${file}: ${scenario.about}`, () => runScenario(scenario));
}

test.run();
