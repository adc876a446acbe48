import fs from "node:fs";
import path from "node:path";
import type { Scenario } from "../scenario.ts";
import { runScript } from "../script-scenario.ts";

export const runHello: Scenario = {
  name: "run-hello",
  summary: "run hello.py, which needs nothing",
  peer: "uv",
  target: 0.75,
  pairs: 30,
  on: "tmpfs",
  prepare: (side) => fs.writeFileSync(path.join(side.cwd, "hello.py"), 'print("hello")\n'),
  command: (side) => runScript(side, "hello.py"),
};
