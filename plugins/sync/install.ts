import type { RunOf } from "../../plugin-api/command.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { bring } from "./bring.ts";
import type { install as spec } from "./commands.ts";
import { leaveWord } from "./note.ts";
import { reportOf } from "./report.ts";

/** SPEC PRJ-50. */
const install: RunOf<typeof spec> = async (options, _operands, session) => {
  if (options.locked && options.frozen) throw usageError("install", "`--locked` and `--frozen` exclude each other");
  if (options.allPackages && options.package.length > 0)
    throw usageError("install", "`--package` and `--all-packages` exclude each other");
  const { verify, dryRun: isDryRun } = options;
  if (verify && isDryRun) throw usageError("install", "`--verify` looks at what is installed, not at what would be");
  const want = options.locked ? "locked" : options.frozen ? "as it is" : "renewed";
  const brought = await bring({ ...options, want, isFrozen: options.frozen, isDryRun }, session);
  const verified = verify
    ? { verifiedFiles: await (await import("./verify.ts")).verify(brought.target.root, session) }
    : {};
  if (!verify) await leaveWord("install", brought, session);
  const verb = isDryRun ? "Would sync" : brought.current?.changes ? "Locked and installed" : "Synced";
  return reportOf(brought, { verb, isDryRun, ...verified }, session);
};
export default install;
