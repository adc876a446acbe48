import type { RunOf } from "../../plugin-api/command.ts";
import { setTomlKey } from "../../plugin-api/toml-edit.ts";
import { formatTomlValue } from "../../plugin-api/toml-value.ts";
import type * as commands from "./commands.ts";
import { scopeOf } from "./files.ts";
import { knownKey, knownSettings, shownValue } from "./known.ts";
import { valueOfWords } from "./words.ts";
import { carryOut } from "./write.ts";

const set: RunOf<typeof commands.set> = async (options, operands, session) => {
  const scope = scopeOf("config set", options) ?? "user";
  const [typed, ...words] = operands as readonly [string, ...string[]];
  const key = knownKey(await knownSettings(session), typed, "config set");
  const value = valueOfWords(key, words);
  const shown = shownValue({ key: typed, value });
  return carryOut(session, {
    key,
    scope,
    isDryRun: options.dryRun,
    edit: (text, path) => setTomlKey(text, path, value),
    words: ["Set", `${typed} = ${formatTomlValue(shown as typeof value)}`, "Would set"],
    data: { value: shown },
  });
};
export default set;
