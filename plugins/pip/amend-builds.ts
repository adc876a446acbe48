import type { RequirementsEntry } from "../../plugin-api/python/requirements-file.ts";
import { SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";

/** What is typed of how sources are built. */
interface Typed {
  readonly buildIsolation: boolean;
  readonly configSettings: readonly string[];
}

/** Makes what is typed and what single lines say of builds count for the builds of the run. */
export async function amendBuilds(
  { buildIsolation, configSettings }: Typed,
  entries: readonly RequirementsEntry[],
  session: Session,
): Promise<void> {
  const [wrong] = configSettings.filter((text) => !/^[^=]+=/.test(text));
  if (wrong !== undefined)
    throw usageError("pip install", `\`--config-settings ${wrong}\` is not of the form KEY=VALUE`);
  const table = await session.use(SettingsTable);
  const origin = { kind: "argv", name: "the command line or a requirements file" } as const;
  if (!buildIsolation) table.amend("buildIsolation", false, origin);
  if (configSettings.length > 0) table.amend("configSettings", configSettings, origin);
  const own = entries.filter((entry) => Object.keys(entry.configSettings).length > 0);
  const named = own.flatMap(({ subject, configSettings: given }) =>
    subject.kind === "requirement" ? [[subject.requirement.name, given] as const] : [],
  );
  if (named.length > 0) table.amend("configSettingsPackage", Object.fromEntries(named), origin);
}
