import { environmentsOf, keepProject, perform, restoreProject, SETS, sync, writeLocked } from "../project-scenario.ts";
import { forgetResolutions } from "../resolve-scenario.ts";
import type { Scenario, Side } from "../scenario.ts";

const WITHOUT = "without";
const WITH = "with";

/** One dependency comes to a project or goes, all caches warm, and the question new: only pages and metadata are known. */
const changing = (set: "trio" | "jupyter", verb: "add" | "remove"): Scenario => ({
  peer: "uv",
  on: "tmpfs",
  environments: environmentsOf,
  target: 0.5,
  pairs: 16,
  name: `${verb}-${set}`,
  summary: `${verb} rich ${verb === "add" ? "to" : "from"} a project with ${set}: file, lock and environment, caches warm`,
  prepare: (side) => {
    writeLocked(side, SETS[set]);
    perform(side, sync(side));
    keepProject(side, WITHOUT);
    perform(side, command(side, "add"));
    keepProject(side, WITH);
  },
  reset: (side) => {
    restoreProject(side, verb === "add" ? WITHOUT : WITH);
    perform(side, sync(side));
    forgetResolutions(side);
  },
  command: (side) => command(side, verb),
});

const command = (side: Side, verb: "add" | "remove") => ({ argv: [verb, "rich", "--python", side.python] });

export const addOne: readonly Scenario[] = [changing("trio", "add"), changing("jupyter", "add")];
export const removeOne: readonly Scenario[] = [changing("trio", "remove"), changing("jupyter", "remove")];
