import fs from "node:fs";
import path from "node:path";
import {
  environmentsOf,
  forgetEnvironment,
  keepProject,
  perform,
  restoreProject,
  SETS,
  sync,
  writeLocked,
} from "../project-scenario.ts";
import { atSlowIndex, forgetEverything, lockFile, setAside, writeProject } from "../resolve-scenario.ts";
import type { Command, Scenario, Side } from "../scenario.ts";

const syncing = { peer: "uv", on: "tmpfs", environments: environmentsOf } as const satisfies Partial<Scenario>;

/** A locked project whose environment is not there, all caches warm. */
const fresh = (set: keyof typeof SETS, more: Pick<Scenario, "target" | "pairs">): Scenario => ({
  ...syncing,
  ...more,
  name: `sync-${set}`,
  summary: `${set} from the lock into a new environment, caches warm`,
  prepare: (side) => writeLocked(side, SETS[set]),
  reset: forgetEnvironment,
  command: (side) => sync(side),
});

const byHardLinks = (scenario: Scenario): Scenario => ({
  ...scenario,
  name: `${scenario.name}-hardlink`,
  summary: `${scenario.summary}, with hard links on both sides`,
  target: 0.65,
  command: (side) => sync(side, "hardlink"),
});

export const syncTrio: Scenario = fresh("trio", { target: 0.6, pairs: 20 });
export const syncJupyter: Scenario = fresh("jupyter", { target: 0.2, pairs: 12 });
export const syncScience: Scenario = fresh("science", { target: 0.2, pairs: 12 });
export const syncWeb: Scenario = fresh("web", { target: 0.2, pairs: 12 });
export const syncHardlink: readonly Scenario[] = [syncJupyter, syncScience, syncWeb].map(byHardLinks);

/** An environment that equals its lock. */
const unchanged = (set: keyof typeof SETS): Scenario => ({
  ...syncing,
  name: `sync-unchanged-${set}`,
  summary: `${set}: nothing to do`,
  target: 0.4,
  pairs: 30,
  prepare: (side) => {
    writeLocked(side, SETS[set]);
    for (let times = 0; times < 2; times++) perform(side, sync(side));
  },
  command: (side) => sync(side),
});
export const syncUnchanged: readonly Scenario[] = [unchanged("trio"), unchanged("jupyter")];

/** Between two versions, there and back. */
export const syncOneChanged: Scenario = {
  ...syncing,
  name: "sync-one-changed",
  summary: "one package of jupyter's environment replaced by another version",
  target: 0.5,
  pairs: 16,
  prepare: (side) => {
    for (const version of ["25.3.0", "25.4.0"]) {
      writeLocked(side, [...SETS.jupyter, `attrs==${version}`]);
      keepProject(side, version);
      perform(side, sync(side));
    }
  },
  reset: (side) => restoreProject(side, isAt(side, "25.3.0") ? "25.4.0" : "25.3.0"),
  command: (side) => sync(side),
};

const isAt = (side: Side, version: string): boolean =>
  fs.readFileSync(path.join(side.cwd, "pyproject.toml"), "utf8").includes(`attrs==${version}`);

export const newEnvironment: Scenario = {
  name: "new-environment",
  summary: "an empty environment",
  peer: "uv",
  target: 0.7,
  pairs: 25,
  on: "tmpfs",
  reset: (side) => setAside(side, path.join(side.cwd, "env")),
  command: (side) => ({ argv: ["venv", "--python", side.python, "env"] }),
};

const FIRST_IMPORT = `import matplotlib, numpy, pandas, scipy.optimize, sklearn.linear_model\n`;

export const firstImport: Scenario = {
  name: "first-import",
  summary: "the first import of the scientific set after it was installed",
  peer: "uv",
  target: 0.35,
  pairs: 5,
  on: "tmpfs",
  prepare: (side) => {
    writeLocked(side, SETS.science);
    fs.writeFileSync(path.join(side.cwd, "first.py"), FIRST_IMPORT);
  },
  reset: (side) => {
    forgetEnvironment(side);
    perform(side, sync(side));
  },
  command: (side) => ({ program: path.join(side.cwd, ".venv", "bin", "python"), argv: ["first.py"] }),
};

export const installCold: Scenario = {
  ...syncing,
  name: "install-cold",
  summary: "jupyter resolved, downloaded and installed, nothing cached, an index 20 ms away",
  target: 0.9,
  pairs: 5,
  prepare: (side) => writeProject(side, SETS.jupyter),
  reset: (side) => {
    forgetEnvironment(side);
    setAside(side, lockFile(side));
    forgetEverything(side);
  },
  command: (side) =>
    atSlowIndex(side, 20, { argv: [side.tool === "pybun" ? "install" : "sync", "--python", side.python] }),
};

const AT_ONCE = 8;
const IN_ALL = `for i in $(seq ${AT_ONCE}); do (cd p$i && exec "$0" sync --python "$1") & all="$all $!"; done
for each in $all; do wait $each || exit 1; done`;

const projectsOf = (side: Side): readonly Side[] =>
  Array.from({ length: AT_ONCE }, (_, index) => ({ ...side, cwd: path.join(side.cwd, `p${index + 1}`) }));

export const syncAtOnce: Scenario = {
  ...syncing,
  name: "sync-at-once",
  summary: `jupyter into ${AT_ONCE} new environments at once, caches warm`,
  target: 0.4,
  pairs: 6,
  prepare: (side) => {
    for (const project of projectsOf(side)) {
      fs.mkdirSync(project.cwd, { recursive: true });
      writeLocked(project, SETS.jupyter);
    }
  },
  reset: (side) => {
    for (const project of projectsOf(side)) forgetEnvironment(project);
  },
  command: (side): Command => ({ program: "/bin/sh", argv: ["-c", IN_ALL, side.program, side.python] }),
  environments: (side) => environmentsOf(projectsOf(side).at(-1) as Side),
};
