import type { RunOf } from "../../plugin-api/command.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { upgrade as spec } from "./commands.ts";
import { isChanged, pythonTyped } from "./install.ts";
import { toolPlaces } from "./places.ts";
import { putTool } from "./put-tool.ts";
import { demandsOf, recordsOf } from "./record.ts";
import { damageOf } from "./state.ts";
import { reportOfTools, type ToolChange, warnOfPath } from "./told.ts";

/** SPEC TOOL-02. */
const upgrade: RunOf<typeof spec> = async (options, names, session) => {
  if (options.all && names.length > 0)
    throw usageError("tool upgrade", "`--all` means every tool, so no other name is taken");
  if (!options.all && names.length === 0)
    throw usageError("tool upgrade", "`pybun tool upgrade` needs the name of a tool, or `--all`");
  const places = await toolPlaces(session);
  const python = await pythonTyped(session);
  const changes: ToolChange[] = [];
  for (const record of recordsOf(places, names, "upgrade")) {
    const damage = await damageOf(record, places, session);
    const demands = demandsOf(record) as readonly [Demand, ...Demand[]];
    const isSamePython = python === undefined;
    // A Python that is gone is looked for again as it was asked for.
    const request = isSamePython && damage !== undefined ? record.python : python;
    const put = await putTool({ demands, python: request, isDryRun: options.dryRun }, places, session);
    changes.push({ ...put, isChanged: damage !== undefined || isChanged(put) });
  }
  if (!options.dryRun && changes.some((change) => change.isChanged)) await warnOfPath(places, session);
  const verb = options.dryRun ? "Would upgrade" : "Upgraded";
  return reportOfTools({ changes, verb, isDryRun: options.dryRun, places }, session);
};
export default upgrade;
