import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import type { list as spec } from "./commands.ts";
import { consentFile, hooksIn, readNoted } from "./consents.ts";
import { hookLines } from "./hook-lines.ts";

const list: RunOf<typeof spec> = async (_options, _operands, session) => {
  const agreed = readNoted(consentFile(await session.use(Host)));
  const hooks = Object.keys(agreed)
    .sort()
    .flatMap((name) => hooksIn(agreed, name));
  return { exitCode: 0, data: { hooks }, text: (ui) => (hooks.length === 0 ? "" : hookLines(hooks, ui)) };
};
export default list;
