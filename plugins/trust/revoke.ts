import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { Host } from "../../plugin-api/services.ts";
import type { revoke as spec } from "./commands.ts";
import { consentFile, forgetHooks, hooksIn, readNoted } from "./consents.ts";
import { hookLines } from "./hook-lines.ts";

/** Withdraws the consent to all contents of packages; environments that hold them stay as they are. */
const revoke: RunOf<typeof spec> = async (_options, operands, session) => {
  const host = await session.use(Host);
  const file = consentFile(host);
  const agreed = readNoted(file);
  const names = operands.map(normalizeName);
  const unknown = names.find((name) => hooksIn(agreed, name).length === 0);
  if (unknown !== undefined)
    throw new PybunError("E_HOOK_UNKNOWN", `nothing of \`${unknown}\` was agreed to`, {
      hints: ["see what was: `pybun trust list`"],
      context: { package: unknown },
    });
  const hooks = names.flatMap((name) => hooksIn(agreed, name));
  await forgetHooks(file, names, host);
  return { exitCode: 0, data: { hooks }, text: (ui) => `${ui.ok("Withdrew the consent to")}\n${hookLines(hooks, ui)}` };
};
export default revoke;
