import fs from "node:fs";
import { perform } from "../project-scenario.ts";
import { lockFile } from "../resolve-scenario.ts";
import type { Command, Scenario, Side } from "../scenario.ts";
import { CHANGED_MEMBER, changedFile, packagesInFolder, writeLargeWorkspace } from "../workspace-scenario.ts";

const inFolder = (side: Side, ...argv: readonly string[]): Command => ({ argv, env: packagesInFolder(side) });
const everything = (side: Side): Command => inFolder(side, "sync", "--all-packages", "--python", side.python);

function prepare(side: Side): void {
  writeLargeWorkspace(side);
  perform(side, inFolder(side, "lock", "--python", side.python));
  perform(side, everything(side));
}

const common = { peer: "uv", on: "tmpfs", target: 0.5, pairs: 15, prepare } as const satisfies Partial<Scenario>;

export const workspaceSync: Scenario = {
  ...common,
  name: "workspace-sync",
  summary: "sync of a workspace of 50 members and 400 packages, nothing to do",
  command: everything,
};

export const workspaceRun: Scenario = {
  ...common,
  name: "workspace-run",
  summary: "run -c pass in it, nothing to do",
  command: (side) =>
    inFolder(side, ...(side.tool === "uv" ? ["run", "--all-packages", "python", "-c", "pass"] : ["run", "-c", "pass"])),
};

const kept = (file: string): string => `${file}.kept`;

export const workspaceAdd: Scenario = {
  ...common,
  name: "workspace-add",
  summary: "add one package to one of its members",
  target: 0.6,
  pairs: 10,
  prepare: (side) => {
    prepare(side);
    for (const file of [lockFile(side), changedFile(side)]) fs.copyFileSync(file, kept(file));
  },
  reset: (side) => {
    for (const file of [lockFile(side), changedFile(side)]) fs.copyFileSync(kept(file), file);
    perform(side, everything(side));
  },
  command: (side) => inFolder(side, "add", "--python", side.python, "--package", CHANGED_MEMBER, "one-more"),
};
