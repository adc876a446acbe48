import type { RunOf } from "../../plugin-api/command.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { lock as spec } from "./commands.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

/** What the command does is chosen by its flags; each way is loaded only when it is gone. */
const lock: RunOf<typeof spec> = async (options, operands, session) => {
  refuseContradictions(options, operands);
  if (options.gitSetup) return (await import("./git-setup.ts")).default(session);
  if (options.mergeDriver) return (await import("./merge.ts")).default(operands, session);
  if (options.print || options.json) return (await import("./show.ts")).default(options, session);
  return (await import("./update.ts")).default(options, session);
};
export default lock;

const WAYS = ["gitSetup", "mergeDriver", "print", "json", "check", "dryRun"] as const;
const flag = (name: string): string => `\`--${name.replace(/[A-Z]/g, (char) => `-${char.toLowerCase()}`)}\``;

function refuseContradictions(options: Options, operands: readonly string[]): void {
  const [first, second] = WAYS.filter((way) => options[way]);
  if (first && second) throw usageError("lock", `${flag(first)} and ${flag(second)} exclude each other`);
  const isUpgrade = options.upgrade || options.upgradePackage.length > 0;
  if (isUpgrade && first && first !== "dryRun")
    throw usageError("lock", `${flag(first)} changes nothing, so there is nothing to upgrade`);
  if (options.import !== undefined && first && first !== "dryRun")
    throw usageError("lock", `${flag(first)} changes nothing, so there is nothing to import`);
  if (options.import !== undefined && options.upgrade)
    throw usageError("lock", "`--upgrade` keeps no version, so there is nothing to import");
  if (!options.mergeDriver && operands.length > 0)
    throw usageError("lock", `\`pybun lock\` does not take \`${operands[0]}\``);
}
