import type { RunOf } from "../../plugin-api/command.ts";
import { formFault } from "../../plugin-api/option-form.ts";
import { readValue } from "../../plugin-api/option-value.ts";
import { setTomlKey } from "../../plugin-api/toml-edit.ts";
import { formatTomlValue } from "../../plugin-api/toml-value.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type * as commands from "./commands.ts";
import { scopeOf } from "./files.ts";
import { type KnownKey, knownKey, knownSettings, shownValue } from "./known.ts";
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
    verify: (whole) => checkForm(key, { whole, shown: words.join(" ") }),
    words: ["Set", `${typed} = ${formatTomlValue(shown as typeof value)}`, "Would set"],
    data: { value: shown },
  });
};
export default set;

/** What nobody could read is not written: every command would stop at it. Throws `E_USAGE`. */
async function checkForm({ entry: { key, option } }: KnownKey, { whole, shown }: Given): Promise<void> {
  const read = readValue(whole, option);
  const expected = "expected" in read ? read.expected : await formFault(read.value, option);
  if (expected !== undefined) throw usageError("config set", `\`${key}\` takes ${expected}, not \`${shown}\``);
}

interface Given {
  /** The setting as it would stand in the file. */
  readonly whole: unknown;
  /** As it was typed. */
  readonly shown: string;
}
