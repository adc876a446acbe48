import fs from "node:fs";
import path from "node:path";
import { forked, warm } from "../forked-scenario.ts";
import type { Scenario, Side } from "../scenario.ts";
import { runScript } from "../script-scenario.ts";

const hello = {
  pairs: 30,
  on: "tmpfs",
  prepare: (side: Side) => fs.writeFileSync(path.join(side.cwd, "hello.py"), 'print("hello")\n'),
  command: (side: Side) => runScript(side, "hello.py"),
} as const satisfies Partial<Scenario>;

export const runHello: Scenario = {
  ...hello,
  name: "run-hello",
  summary: "run hello.py, which needs nothing",
  peer: "uv",
  target: 0.75,
};

export const runHelloFloor: Scenario = {
  ...hello,
  name: "run-hello-floor",
  summary: "run hello.py, against the interpreter itself",
  peer: "python",
};

const forkedHello = {
  ...hello,
  prepare: (side: Side) => {
    hello.prepare(side);
    warm(side, runScript(side, "hello.py"));
  },
  command: (side: Side) => forked(runScript(side, "hello.py")),
} as const satisfies Partial<Scenario>;

export const runHelloForked: Scenario = {
  ...forkedHello,
  name: "run-hello-forked",
  summary: "run hello.py by a fork server",
  peer: "uv",
  target: 0.65,
};

/** The aim is 6 ms more than the interpreter, at most. */
export const runHelloForkedFloor: Scenario = {
  ...forkedHello,
  name: "run-hello-forked-floor",
  summary: "run hello.py by a fork server, against the interpreter itself",
  peer: "python",
};
