import type { RunOf } from "../../plugin-api/command.ts";
import { Catalogue } from "../../plugin-api/services.ts";
import { unknownCommand, usageError } from "../../plugin-api/usage.ts";
import type * as commands from "./commands.ts";
import { documentFor, documentsOf } from "./documents.ts";

const print: RunOf<typeof commands.print> = async ({ type, command }, _operands, session) => {
  const catalogue = await session.use(Catalogue);
  if (command !== undefined && !catalogue.commands.has(command)) throw unknownCommand([command], catalogue.commands);
  if (type === "data" && command === undefined)
    throw usageError("schema print", "`--type data` needs `--command`: every command has data of its own");
  const schema = documentFor(documentsOf(catalogue), type, command);
  return { exitCode: 0, data: { schema }, text: () => JSON.stringify(schema, null, 2) };
};
export default print;
