import type { RunOf } from "../../plugin-api/command.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { bring } from "./bring.ts";
import type { sync as spec } from "./commands.ts";
import { leaveWord } from "./note.ts";
import { reportOf } from "./report.ts";

/** SPEC PRJ-40. */
const sync: RunOf<typeof spec> = async (options, _operands, session) => {
  if (options.locked && options.frozen) throw usageError("sync", "`--locked` and `--frozen` exclude each other");
  if (options.allPackages && options.package.length > 0)
    throw usageError("sync", "`--package` and `--all-packages` exclude each other");
  const isDryRun = options.dryRun || options.check;
  if (options.verify && isDryRun)
    throw usageError("sync", "`--verify` looks at what is installed, not at what would be");
  const want = options.locked ? "locked" : "as it is";
  const { from } = options;
  const brought =
    from === undefined
      ? await bring({ ...options, want, isFrozen: options.frozen, isDryRun }, session)
      : await (await import("./from-file.ts")).bringFrom({ ...options, from, isDryRun }, session);
  const verified = options.verify
    ? { verifiedFiles: await (await import("./verify.ts")).verify(brought.target.root, session) }
    : {};
  if (!options.verify) await leaveWord("sync", brought, session);
  const verb = options.check ? "Stale" : isDryRun ? "Would sync" : "Synced";
  return reportOf(brought, { verb, isDryRun, ...verified }, session);
};
export default sync;
