import fs from "node:fs";
import path from "node:path";
import {
  atStaleIndex,
  forgetEverything,
  forgetLock,
  forgetResolutions,
  hasLock,
  keepLock,
  lock,
  resolving,
  restoreLock,
  writeProject,
} from "../resolve-scenario.ts";
import type { Scenario, Side } from "../scenario.ts";

const forgetBoth = (side: Side): void => {
  forgetLock(side);
  forgetResolutions(side);
};
const locking = {
  ...resolving,
  prepare: (side: Side) => writeProject(side, ["jupyter"]),
  command: (side: Side) => lock(side),
} as const satisfies Partial<Scenario>;

export const lockJupyter: Scenario = {
  ...locking,
  name: "lock-jupyter",
  summary: "jupyter for all platforms and Pythons, no lock yet, pages and metadata warm",
  target: 0.9,
  pairs: 15,
  reset: forgetBoth,
};

export const lockJupyterAgain: Scenario = {
  ...locking,
  name: "lock-jupyter-again",
  summary: "jupyter for all platforms and Pythons once more, no lock there",
  target: 0.9,
  pairs: 15,
  reset: forgetLock,
};

export const lockUnchanged: Scenario = {
  ...locking,
  name: "lock-unchanged",
  summary: "jupyter locked before, nothing changed",
  target: 0.35,
  pairs: 25,
};

export const lockOneMore: Scenario = {
  ...locking,
  name: "lock-one-more",
  summary: "jupyter locked before, one requirement added",
  target: 0.6,
  pairs: 15,
  // Once there is a lock, each run begins with it and with one requirement more.
  reset: (side) => {
    if (!restoreLock(side) && keepLock(side)) writeProject(side, ["jupyter", "rich"]);
    forgetResolutions(side);
  },
};

export const lockStale: Scenario = {
  ...locking,
  name: "lock-stale",
  summary: "jupyter locked anew when all pages are to be looked at again, and none has changed",
  target: 0.3,
  pairs: 12,
  reset: forgetLock,
  command: (side) => atStaleIndex(side, lock(side)),
};

export const lockCold: Scenario = {
  ...locking,
  name: "lock-jupyter-cold",
  summary: "jupyter for all platforms and Pythons, nothing cached",
  target: 0.75,
  pairs: 6,
  reset: (side) => {
    forgetLock(side);
    forgetEverything(side);
  },
};

const MEMBERS = 50;
/** What the members ask for in turn; jupyter's own packages, so that an index has them at hand. */
const WISHES = ["jupyter", "requests>=2", "ipykernel", "attrs", "pyyaml>=6", "tornado", "jinja2>=3", "nbconvert"];

function writeWorkspace(side: Side): void {
  const write = (folder: string, name: string, more: string): void => {
    fs.mkdirSync(folder, { recursive: true });
    const head = `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.10"\n`;
    fs.writeFileSync(path.join(folder, "pyproject.toml"), head + more);
  };
  for (let i = 0; i < MEMBERS; i++) {
    const before = i > 0 ? [`member-${i - 1}`] : [];
    const wishes = [WISHES[i % WISHES.length], WISHES[(3 * i + 1) % WISHES.length], ...before];
    const source = i > 0 ? `[tool.uv.sources]\nmember-${i - 1} = { workspace = true }\n` : "";
    write(
      path.join(side.cwd, "packages", `member-${i}`),
      `member-${i}`,
      `dependencies = ${JSON.stringify(wishes)}\n${source}`,
    );
  }
  write(side.cwd, "root", `dependencies = []\n[tool.uv.workspace]\nmembers = ["packages/*"]\n`);
}

export const lockCheckWorkspace: Scenario = {
  ...resolving,
  name: "lock-check-workspace",
  summary: `lock --check of a workspace of ${MEMBERS} members`,
  target: 0.5,
  pairs: 20,
  prepare: writeWorkspace,
  // The first run writes the lock that the others check.
  command: (side) => (hasLock(side) ? lock(side, "--check") : lock(side)),
};
