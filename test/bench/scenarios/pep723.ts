import { forked, warm } from "../forked-scenario.ts";
import type { Scenario, Side } from "../scenario.ts";
import { forgetEnvironments, runScript, scriptEnvironments, writeScript } from "../script-scenario.ts";

const prepare = (side: Side): void =>
  writeScript(side, ["requests", "rich"], "import requests\nimport rich\n\nprint(requests.__name__, rich.__name__)\n");

export const pep723New: Scenario = {
  name: "pep723-new",
  summary: "script with requests and rich, caches warm, environment new",
  peer: "uv",
  target: 0.6,
  pairs: 15,
  on: "tmpfs",
  prepare,
  reset: forgetEnvironments,
  command: runScript,
  environments: scriptEnvironments,
};

export const pep723Repeat: Scenario = {
  name: "pep723-repeat",
  summary: "the same script again, nothing to do but to run it",
  peer: "uv",
  target: 0.85,
  pairs: 25,
  on: "tmpfs",
  prepare,
  command: runScript,
  environments: scriptEnvironments,
};

export const pep723Forked: Scenario = {
  ...pep723Repeat,
  name: "pep723-forked",
  summary: "the same script again, by a fork server",
  target: 0.3,
  prepare: (side) => {
    prepare(side);
    warm(side, runScript(side));
  },
  command: (side) => forked(runScript(side)),
};
