import fs from "node:fs";
import path from "node:path";
import { executablePath } from "../../harness/executable.ts";
import { perform, SETS } from "../project-scenario.ts";
import { writeProject } from "../resolve-scenario.ts";
import type { Command, Scenario, Side } from "../scenario.ts";

/** What PyBun compares itself with under `--benchmark`: every name asked of importlib's own finders. */
const LIST = fs.readFileSync(path.join(import.meta.dirname, "../../../plugins/modules/python/list.py"), "utf8");

const listing = {
  peer: "python",
  on: "tmpfs",
  pairs: 20,
  prepare: (side: Side) => {
    writeProject(side, SETS.web);
    perform(side, { program: executablePath(), argv: ["install", "--python", side.python] });
  },
  command: (side: Side): Command =>
    side.tool === "pybun"
      ? { argv: ["module-find", "--scan", "--format=json"] }
      : { program: path.join(side.cwd, ".pybun", "venv", "bin", "python"), argv: ["-c", LIST, "[]"] },
} as const satisfies Partial<Scenario>;

export const modulesAgain: Scenario = {
  ...listing,
  name: "modules",
  summary: "list all modules of a web environment, listed before",
  target: 0.2,
};

export const modulesFirst: Scenario = {
  ...listing,
  name: "modules-first",
  summary: "list all modules of a web environment, not listed before",
  target: 0.2,
  reset: (side) => {
    const folder = path.join(side.data, "modules");
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    for (const name of names) if (name.startsWith("list-")) side.setAside(path.join(folder, name));
  },
};
