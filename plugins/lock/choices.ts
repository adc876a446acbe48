import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import type { PlatformName } from "../../plugin-api/python/platform-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { type SettingEntry, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { PLATFORM } from "./facts.ts";
import { readPlatform } from "./platform.ts";

/** What settings and flags add to what a project says. */
export interface Choices {
  readonly constraints: readonly Demand[];
  readonly overrides: readonly Demand[];
  /** The one platform that is asked for. */
  readonly platform?: PlatformName;
  /** Key -> value as it was written, of the settings that decide which versions are chosen. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Where indexes are decides no version: a mirror leads to the same lock (SPEC IDX-09). What they are called does. */
const PLACES = ["index", "index-url", "extra-index", "extra-index-url", "find-links", "pypi.base-url"];
/** Told by the project's own file, each with its line. */
const OF_PROJECTS = ["constraints", "overrides"];

/** Throws `E_USAGE` for a platform nobody knows, `E_CONFIG_INVALID` for a requirement that is none. */
export async function choicesOf(session: Session, platform: string | undefined): Promise<Choices> {
  const table = await session.use(SettingsTable);
  const settings: Record<string, string> = {};
  for (const { key, value, origin, option, plugin } of table.entries) {
    const isLeftOut = PLACES.includes(key) || OF_PROJECTS.includes(key) || plugin === "lock";
    if (option.decidesPackages && !isLeftOut && origin.kind !== "default" && !isEmpty(value))
      settings[key] = wordOf(value);
  }
  if (platform !== undefined) settings[PLATFORM] = platform;
  // A flag has the same key; the tables are a list.
  const indexes = namesOf(table.entries.find(({ key, value }) => key === "index" && Array.isArray(value))?.value);
  if (indexes !== "") settings["indexes"] = indexes;
  return {
    constraints: demandsOf(table.get("constraints")),
    overrides: demandsOf(table.get("overrides")),
    ...(platform !== undefined && { platform: readPlatform(platform) }),
    settings,
  };
}

/** Of `[[index]]` all but the addresses. */
function namesOf(value: unknown): string {
  const tables = Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : [];
  return tables
    .filter(({ name }) => typeof name === "string")
    .map(({ name, explicit, "exclude-newer": cutOff }) =>
      [
        name,
        ...(explicit === true ? ["explicit"] : []),
        ...(cutOff === undefined ? [] : [JSON.stringify(cutOff)]),
      ].join(" "),
    )
    .join("\n");
}

const isEmpty = (value: unknown): boolean => value === false || (Array.isArray(value) && value.length === 0);
const wordOf = (value: unknown): string =>
  typeof value === "string"
    ? value
    : Array.isArray(value)
      ? (value as readonly string[]).toSorted().join("\n")
      : JSON.stringify(value);

/** Those of the project's file are read with the project, with their lines. */
function demandsOf(entry: SettingEntry | undefined): readonly Demand[] {
  if (!entry || (entry.origin.kind === "file" && entry.origin.name.endsWith("pyproject.toml"))) return [];
  const { name, line } = entry.origin;
  const origin = line === undefined ? name : `${name}:${line}`;
  return (entry.value as readonly string[]).map((text) => {
    try {
      return { requirement: parseRequirement(text), text, origin };
    } catch (error) {
      if (!(error instanceof InvalidSyntax)) throw error;
      throw new PybunError("E_CONFIG_INVALID", `\`${entry.key}\` lists what is no requirement: ${error.message}`, {
        evidence: [`set by  ${origin}`],
      });
    }
  });
}
