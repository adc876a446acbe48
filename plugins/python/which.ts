import type { RunOf } from "../../plugin-api/command.ts";
import { choose } from "./choose.ts";
import type { which as spec } from "./commands.ts";
import { aroundOf } from "./interpreters.ts";
import { rowOf, shownVersion } from "./row.ts";

const which: RunOf<typeof spec> = async (_options, [request], session) => {
  const around = await aroundOf(session);
  const asked = request === undefined ? {} : { request, origin: "the command line" };
  const { interpreter, reason } = await choose(asked, around);
  return {
    exitCode: 0,
    data: { ...rowOf(interpreter, request === undefined), reason },
    // Off a terminal the path alone, so that `$(pybun python which)` is a command.
    text: (ui) =>
      ui.isTerminal ? `${interpreter.path}  ${ui.dim(`${shownVersion(interpreter)}, ${reason}`)}` : interpreter.path,
  };
};
export default which;
