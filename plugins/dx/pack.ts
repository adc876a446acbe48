import type { RunOf } from "../../plugin-api/command.ts";
import { packDx } from "../../plugin-api/dx/dx.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type * as commands from "./commands.ts";
import { placesOf, readSource } from "./places.ts";
import { carryOut } from "./write.ts";

const pack: RunOf<typeof commands.pack> = async (options, [operand = "pyproject.toml"], session) => {
  if (options.output === "-") throw usageError("dx pack", "a binary form can't be written to standard output");
  const places = placesOf({ operand, ending: ".dx", output: options.output }, session.cwd);
  const source = readSource(places);
  const bytes = await packDx(source, { path: places.shownSource, keepsLayout: options.layout });
  const { layout: keepsLayout, dryRun: isDryRun } = options;
  return carryOut({ ...places, verb: "pack", source, bytes, keepsLayout, isDryRun, mayReplace: true });
};
export default pack;
