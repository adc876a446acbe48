import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { parseSha256 } from "../../plugin-api/model/digest.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { Host } from "../../plugin-api/services.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { allowHook as spec } from "./commands.ts";
import { consentFile, hooksIn, noteHooks, readNoted, refusalFile } from "./consents.ts";
import type { Hook } from "./hook.ts";
import { hookLines } from "./hook-lines.ts";

/** Typing the command is the consent: to what was refused and shown, or to the content named by its digest. */
const allowHook: RunOf<typeof spec> = async ({ sha256 }, operands, session) => {
  const host = await session.use(Host);
  const names = operands.map(normalizeName);
  if (sha256.length > 0 && names.length > 1)
    throw usageError("trust allow-hook", "`--sha256` names the content of one package");
  const refused = readNoted(refusalFile(host));
  const hooks = names.flatMap((name) =>
    sha256.length > 0
      ? sha256.map((digest) => named(name, digest, hooksIn(refused, name)))
      : refusedOf(name, hooksIn(refused, name)),
  );
  await noteHooks(consentFile(host), hooks, host);
  return {
    exitCode: 0,
    data: { hooks },
    text: (ui) => `${ui.ok("Agreed to")}\n${hookLines(hooks, ui)}`,
  };
};
export default allowHook;

function refusedOf(name: string, hooks: readonly Hook[]): readonly Hook[] {
  if (hooks.length > 0) return hooks;
  throw new PybunError("E_HOOK_UNKNOWN", `no start-up hook of \`${name}\` was refused here`, {
    hints: ["agree to a content beforehand: `pybun trust allow-hook NAME --sha256 DIGEST`"],
    context: { package: name },
  });
}

function named(name: string, digest: string, refused: readonly Hook[]): Hook {
  const sha256 = parseSha256(digest);
  if (sha256 === undefined)
    throw usageError("trust allow-hook", `\`--sha256\` takes 64 hexadecimal digits, not \`${digest}\``);
  const seen = refused.find((hook) => hook.sha256 === sha256);
  return seen ?? { package: name, version: "", file: "", kind: "code", line: "", sha256 };
}
