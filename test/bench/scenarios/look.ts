import { SETS, writeLocked } from "../project-scenario.ts";
import type { Scenario } from "../scenario.ts";

const looking = {
  peer: "uv",
  on: "tmpfs",
  pairs: 25,
  prepare: (side) => writeLocked(side, SETS.jupyter),
} as const satisfies Partial<Scenario>;

/** PyBun's first look leaves a note of what it said. */
export const treeAgain: Scenario = {
  ...looking,
  name: "tree",
  summary: "tree of jupyter's lock, looked at before",
  target: 0.8,
  command: (side) => ({ argv: ["tree", "--python", side.python] }),
};

/** Nothing is noted of a call that asks for colours, or against them. */
export const treeFirst: Scenario = {
  ...looking,
  name: "tree-first",
  summary: "tree of jupyter's lock, not looked at before",
  command: (side) => ({ argv: ["tree", "--python", side.python, "--color", "never"] }),
};

export const exportAgain: Scenario = {
  ...looking,
  name: "export",
  summary: "jupyter's lock as requirements.txt, exported before",
  target: 0.8,
  command: (side) => ({ argv: ["export", "--python", side.python] }),
};

export const exportFirst: Scenario = {
  ...looking,
  name: "export-first",
  summary: "jupyter's lock as requirements.txt, not exported before",
  command: (side) => ({ argv: ["export", "--python", side.python, "--color", "never"] }),
};
