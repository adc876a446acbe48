import type { RunOf } from "../../plugin-api/command.ts";
import type { dir as spec } from "./commands.ts";
import { toolPlaces } from "./places.ts";

const dir: RunOf<typeof spec> = async (options, _operands, session) => {
  const { tools, bin } = await toolPlaces(session);
  return { exitCode: 0, data: { tools, bin }, text: () => (options.bin ? bin : tools) };
};
export default dir;
