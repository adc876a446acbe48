import type { RunOf } from "../../plugin-api/command.ts";
import { unpackDx } from "../../plugin-api/dx/dx.ts";
import type * as commands from "./commands.ts";
import { placesOf, readSource } from "./places.ts";
import { carryOut } from "./write.ts";

const unpack: RunOf<typeof commands.unpack> = async (options, [operand = "pyproject.dx"], session) => {
  const places = placesOf({ operand, ending: ".toml", output: options.output }, session.cwd);
  const source = readSource(places);
  const { text, isOriginal: keepsLayout } = unpackDx(source, { path: places.shownSource });
  const bytes = Buffer.from(text);
  if (options.output === "-")
    return {
      exitCode: 0,
      data: {
        source: places.shownSource,
        output: null,
        source_bytes: source.length,
        bytes: bytes.length,
        keeps_layout: keepsLayout,
        up_to_date: false,
        dry_run: options.dryRun,
        text,
      },
      text: () => text,
    };
  const { dryRun: isDryRun, force: mayReplace } = options;
  return carryOut({ ...places, verb: "unpack", source, bytes, keepsLayout, isDryRun, mayReplace });
};
export default unpack;
