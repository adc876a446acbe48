import type { RunOf } from "../../plugin-api/command.ts";
import { Catalogue } from "../../plugin-api/services.ts";
import type * as commands from "./commands.ts";
import { type Tree, treeOf } from "./tree.ts";

/** The handler that prints a shell's script. */
export const printing =
  (script: (tree: Tree) => string): RunOf<typeof commands.bash> =>
  async (_options, _operands, session) => {
    const text = script(treeOf(await session.use(Catalogue)));
    return { exitCode: 0, data: { script: text }, text: () => text };
  };
