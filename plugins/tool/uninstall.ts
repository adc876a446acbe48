import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { Environments } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { removeEnvironment } from "../../plugin-api/system/environment-change.ts";
import { forgetEnvironment } from "../../plugin-api/system/known-environments.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { uninstall as spec } from "./commands.ts";
import { removeLaunchers } from "./launchers.ts";
import { environmentOf, type ToolPlaces, toolPlaces } from "./places.ts";
import { alone } from "./put-tool.ts";
import { recordsOf, removeRecord, type ToolRecord } from "./record.ts";
import { reportOfTools } from "./told.ts";

/** Leaves nothing of a tool but what the store has of it (SPEC TOOL-02). */
const uninstall: RunOf<typeof spec> = async (options, names, session) => {
  if (options.all === names.length > 0)
    throw usageError("tool uninstall", "`pybun tool uninstall` needs the names of tools, or `--all`");
  const places = await toolPlaces(session);
  const records = recordsOf(places, names, "uninstall");
  if (!options.dryRun && records.length > 0)
    await alone(places, session, async () => {
      for (const record of records) await removeTool(record, places, session);
    });
  if (!options.dryRun) removeIfEmpty(places.tools);
  const changes = records.map((before) => ({ before, isChanged: true }));
  const verb = options.dryRun ? "Would remove" : "Removed";
  return reportOfTools({ changes, verb, isDryRun: options.dryRun, places }, session);
};
export default uninstall;

/** The record goes last: whoever is killed before can be followed by the same command. */
async function removeTool(record: ToolRecord, places: ToolPlaces, session: Session): Promise<void> {
  const root = environmentOf(places, record.name);
  removeLaunchers(record, places);
  // Also where there is no environment: a killed command may have left it half removed.
  await (await session.use(Environments)).alone(root, async () => {
    if (fs.existsSync(root)) await removeEnvironment(root);
  });
  forgetEnvironment(places.dataDir, root);
  removeRecord(places, record.name);
}

/** Only the folder itself and what locks leave in it: a tool that was just installed keeps it. */
function removeIfEmpty(folder: string): void {
  try {
    for (const name of fs.readdirSync(folder)) if (name.endsWith(".lock")) fs.rmSync(path.join(folder, name));
    fs.rmdirSync(folder);
  } catch {}
}
