import type { RunOf } from "../../plugin-api/command.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { upgrade as spec } from "./commands.ts";
import { isChanged, pythonTyped } from "./install.ts";
import { isSameAs, type KeptSettings, recall } from "./kept-settings.ts";
import { toolPlaces } from "./places.ts";
import { putTool } from "./put-tool.ts";
import { demandsOf, recordsOf } from "./record.ts";
import { damageOf } from "./state.ts";
import { reportOfTools, type ToolChange, warnOfPath } from "./told.ts";
import { upgradeApart } from "./upgrade-apart.ts";

/** SPEC TOOL-02. */
const upgrade: RunOf<typeof spec> = async (options, names, session) => {
  if (options.all && names.length > 0)
    throw usageError("tool upgrade", "`--all` means every tool, so no other name is taken");
  if (!options.all && names.length === 0)
    throw usageError("tool upgrade", "`pybun tool upgrade` needs the name of a tool, or `--all`");
  const places = await toolPlaces(session);
  const python = await pythonTyped(session);
  const changes: ToolChange[] = [];
  let inForce: KeptSettings | undefined;
  for (const record of recordsOf(places, names, "upgrade")) {
    if (inForce !== undefined && !isSameAs(inForce, record.settings)) {
      changes.push(await upgradeApart(record, await wordsFor(names, session), { places, session }));
      continue;
    }
    inForce = record.settings ?? {};
    const settings = await recall(record.settings, session);
    const damage = await damageOf(record, places, session);
    const demands = demandsOf(record) as readonly [Demand, ...Demand[]];
    const isSamePython = python === undefined;
    // A Python that is gone is looked for again as it was asked for.
    const request = isSamePython && damage !== undefined ? record.python : python;
    const put = await putTool({ demands, python: request, settings, isDryRun: options.dryRun }, places, session);
    changes.push({ ...put, isChanged: damage !== undefined || isChanged(put) });
  }
  if (!options.dryRun && changes.some((change) => change.isChanged)) await warnOfPath(places, session);
  const verb = options.dryRun ? "Would upgrade" : "Upgraded";
  return reportOfTools({ changes, verb, isDryRun: options.dryRun, places }, session);
};
export default upgrade;

/** The call as it was typed, without the names. */
async function wordsFor(names: readonly string[], session: Session): Promise<readonly string[]> {
  const { argv } = await session.use(Host);
  return argv.filter((word) => word !== "--all" && !names.includes(word));
}
