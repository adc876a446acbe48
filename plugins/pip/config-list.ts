import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import { asPip } from "./as-pip.ts";
import type { configList as spec } from "./config-commands.ts";
import { readConfig } from "./config-files.ts";

/** SPEC PIP-01. */
const configList: RunOf<typeof spec> = async (scopes, _operands, session) => {
  const { env } = await session.use(Host);
  const files = await readConfig(scopes, session);
  const values = new Map(
    files.flatMap(({ entries }) => entries.map(({ section, key, value }) => [`${section}.${key}`, value] as const)),
  );
  for (const [name, value] of Object.entries(env))
    if (/^PIP_[A-Z0-9_]+$/.test(name) && value !== undefined)
      values.set(`:env:.${name.slice("PIP_".length).toLowerCase().replaceAll("_", "-")}`, value);
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    exitCode: 0,
    data: { values: Object.fromEntries(sorted) },
    text: () => sorted.map(([key, value]) => `${key}=${pythonText(value)}`).join("\n"),
  };
};
export default asPip(configList);

/** `repr` of Python. */
function pythonText(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}
