import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import type { dir as spec } from "./commands.ts";

const dir: RunOf<typeof spec> = async (_options, _operands, session) => {
  const { dataDir } = await session.use(Host);
  return { exitCode: 0, data: { path: dataDir }, text: () => dataDir };
};
export default dir;
