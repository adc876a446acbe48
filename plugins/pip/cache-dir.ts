import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import { asPip } from "./as-pip.ts";
import type { cacheDir as spec } from "./more-commands.ts";

/** SPEC PIP-01. */
const cacheDir: RunOf<typeof spec> = async (_options, _operands, session) => {
  const { dataDir } = await session.use(Host);
  return { exitCode: 0, data: { path: dataDir }, text: () => dataDir };
};
export default asPip(cacheDir);
