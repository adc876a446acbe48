import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { activationLine, shellLanguage } from "./activation-line.ts";
import { asData, chosen } from "./chosen.ts";
import type { activate as spec } from "./commands.ts";

const activate: RunOf<typeof spec> = async ({ shell }, _operands, session) => {
  const { selected, around } = await chosen(session);
  const language = shellLanguage(shell, around.host);
  const line = activationLine(path.dirname(selected.python), language);
  return { exitCode: 0, data: { env: asData(selected), shell: language, line }, text: () => line };
};
export default activate;
