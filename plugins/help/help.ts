import type { RunOf } from "../../plugin-api/command.ts";
import { Help, Host } from "../../plugin-api/services.ts";
import type * as commands from "./commands.ts";

const help: RunOf<typeof commands.help> = async (_options, operands, session) => {
  const [service, host] = await Promise.all([session.use(Help), session.use(Host)]);
  return service.show(operands.join(" "), host.output.verbosity);
};
export default help;
