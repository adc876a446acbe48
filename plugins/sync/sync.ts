import type { RunOf } from "../../plugin-api/command.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { bring } from "./bring.ts";
import type { sync as spec } from "./commands.ts";
import { reportOf } from "./report.ts";

/** SPEC PRJ-40. */
const sync: RunOf<typeof spec> = async (options, _operands, session) => {
  if (options.locked && options.frozen) throw usageError("sync", "`--locked` and `--frozen` exclude each other");
  const isDryRun = options.dryRun || options.check;
  const want = options.locked ? "locked" : "as it is";
  const brought = await bring({ ...options, want, isFrozen: options.frozen, isDryRun }, session);
  const verb = options.check ? "Stale" : isDryRun ? "Would sync" : "Synced";
  return reportOf(brought, { verb, isDryRun }, session);
};
export default sync;
