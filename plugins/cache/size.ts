import { Caches } from "../../plugin-api/caches.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import type { size as spec } from "./commands.ts";

const size: RunOf<typeof spec> = async (_options, _operands, session) => {
  const sizes = await (await session.use(Caches)).sizes();
  const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
  return { exitCode: 0, data: { bytes }, text: () => String(bytes) };
};
export default size;
