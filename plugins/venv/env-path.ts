import type { RunOf } from "../../plugin-api/command.ts";
import { asData, chosen } from "./chosen.ts";
import type { path as spec } from "./commands.ts";

const path: RunOf<typeof spec> = async (_options, _operands, session) => {
  const { selected } = await chosen(session);
  return { exitCode: 0, data: { env: asData(selected) }, text: () => selected.path };
};
export default path;
