import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { TomlPath } from "../../plugin-api/toml-document.ts";
import type * as commands from "./commands.ts";
import { fileOf, type Scope, scopeOf } from "./files.ts";
import { configFileOf, insideOf, knownKey, knownSettings, shownValue } from "./known.ts";
import { readTable, valueAt } from "./table.ts";
import { valueInText } from "./words.ts";

const get: RunOf<typeof commands.get> = async (options, operands, session) => {
  const scope = scopeOf("config get", options);
  const found = knownKey(await knownSettings(session), operands[0] as string, "config get");
  const { entry, path, typed: key } = found;
  const raw = scope === undefined ? valueAt(entry.value, insideOf(found)) : await fromScope(session, scope, path);
  const value = shownValue({ key, value: raw });
  return {
    exitCode: 0,
    data: { key, value: value ?? null, ...(scope === undefined ? { origin: entry.origin } : { scope }) },
    text: () => valueInText(value),
  };
};
export default get;

async function fromScope(session: Session, scope: Scope, path: TomlPath): Promise<unknown> {
  const { file, table } = fileOf(scope, await session.use(Host), configFileOf(session));
  return valueAt(readTable(file), [...table, ...path]);
}
