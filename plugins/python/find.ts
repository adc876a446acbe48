import type { RunOf } from "../../plugin-api/command.ts";
import { choose } from "./choose.ts";
import type { find as spec } from "./commands.ts";
import { aroundOf } from "./interpreters.ts";
import { rowOf } from "./row.ts";

const find: RunOf<typeof spec> = async (_options, [request = ""], session) => {
  const around = await aroundOf(session);
  const { interpreter } = await choose({ request, origin: "the command line" }, around);
  const used = await choose({}, around).catch(() => undefined);
  return {
    exitCode: 0,
    data: rowOf(interpreter, interpreter.path === used?.interpreter.path),
    text: () => interpreter.path,
  };
};
export default find;
