import fs from "node:fs";
import path from "node:path";
import { forked, warm } from "../forked-scenario.ts";
import { perform } from "../project-scenario.ts";
import type { Command, Scenario, Side } from "../scenario.ts";

const toolDir = (side: Side): string => path.join(side.data, "tools");
const binDir = (side: Side): string => path.join(side.cwd, "bin");
const env = (side: Side): Readonly<Record<string, string>> => ({
  PYBUN_TOOL_BIN_DIR: binDir(side),
  UV_TOOL_DIR: toolDir(side),
  UV_TOOL_BIN_DIR: binDir(side),
});

const install = (side: Side): Command => ({
  argv: ["tool", "install", "--python", side.python, "httpie"],
  env: env(side),
});

export const toolInstall: Scenario = {
  name: "tool-install",
  summary: "tool install httpie, caches warm, tool new",
  peer: "uv",
  target: 0.5,
  pairs: 15,
  on: "tmpfs",
  prepare: (side) => perform(side, install(side)),
  reset: (side) => {
    for (const folder of [toolDir(side), binDir(side)]) if (fs.existsSync(folder)) side.setAside(folder);
  },
  command: install,
  environments: toolDir,
};

const once = (side: Side): Command => ({
  argv: [...(side.tool === "uv" ? ["tool", "run"] : ["x"]), "--python", side.python, "pycowsay", "--version"],
});

export const xAgain: Scenario = {
  name: "x-again",
  summary: "a tool run once more: x against uvx, caches warm",
  peer: "uv",
  target: 0.5,
  pairs: 25,
  on: "tmpfs",
  prepare: (side) => perform(side, once(side)),
  command: once,
};

const onceKept = (side: Side): Command => {
  const { argv } = once(side);
  return { argv: side.tool === "uv" ? argv : ["x", "--reuse", ...argv.slice(1)] };
};

export const xKept: Scenario = {
  name: "x-kept",
  summary: "the same with the environment kept (x --reuse), as uvx does",
  peer: "uv",
  target: 0.5,
  pairs: 25,
  on: "tmpfs",
  prepare: (side) => perform(side, onceKept(side)),
  command: onceKept,
};

export const xForked: Scenario = {
  ...xKept,
  name: "x-forked",
  summary: "the same by a fork server",
  prepare: (side) => {
    perform(side, onceKept(side));
    warm(side, onceKept(side));
  },
  command: (side) => (side.tool === "pybun" ? forked(onceKept(side)) : onceKept(side)),
};
