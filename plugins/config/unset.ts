import type { RunOf } from "../../plugin-api/command.ts";
import { unsetTomlKey } from "../../plugin-api/toml-edit.ts";
import type * as commands from "./commands.ts";
import { scopeOf } from "./files.ts";
import { knownSettings, typedKey } from "./known.ts";
import { carryOut } from "./write.ts";

const unset: RunOf<typeof commands.unset> = async (options, operands, session) => {
  const scope = scopeOf("config unset", options) ?? "user";
  const typed = operands[0] as string;
  return carryOut(session, {
    key: typedKey(await knownSettings(session), typed, "config unset"),
    scope,
    isDryRun: options.dryRun,
    edit: unsetTomlKey,
    words: ["Removed", typed, "Would remove"],
    data: {},
  });
};
export default unset;
