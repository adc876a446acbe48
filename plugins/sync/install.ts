import type { RunOf } from "../../plugin-api/command.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { bring } from "./bring.ts";
import type { install as spec } from "./commands.ts";
import { reportOf } from "./report.ts";

/** SPEC PRJ-50. */
const install: RunOf<typeof spec> = async (options, _operands, session) => {
  if (options.locked && options.frozen) throw usageError("install", "`--locked` and `--frozen` exclude each other");
  const want = options.locked ? "locked" : options.frozen ? "as it is" : "renewed";
  const order = { ...options, want, isFrozen: options.frozen, isDryRun: options.dryRun } as const;
  const brought = await bring(order, session);
  const verb = options.dryRun ? "Would sync" : brought.current.changes ? "Locked and installed" : "Synced";
  return reportOf(brought, { verb, isDryRun: options.dryRun }, session);
};
export default install;
