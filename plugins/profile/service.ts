import { PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { type Profile, type Profiles, profileNames, readProfile } from "../../plugin-api/profile.ts";
import { SettingsTable } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { settings } from "./settings.ts";

/** Finds the profile of the run, and makes the settings that it decides what it says. */
export default async function profiles(session: Session): Promise<Profiles> {
  const { profile: name, profiles: tables } = settingsOf(session, settings);
  if (name === undefined) return { active: undefined };
  const table = await session.use(SettingsTable);
  const active = profileOf(name, tables, table.get("run.profile")?.origin.name);
  const mode = table.get("run.lazy.mode")?.value;
  amend(table, { name: "hotReload", key: "run.hot-reload", value: active.hotReload, profile: name });
  if (active.lazyImports !== (mode !== "off"))
    amend(table, {
      name: "lazyMode",
      key: "run.lazy.mode",
      value: active.lazyImports ? "profile" : "off",
      profile: name,
    });
  return { active };
}

/** Flags and variables stand above the profile, files below it. */
function amend(
  table: SettingsTable,
  {
    name,
    key,
    value,
    profile,
  }: { readonly name: string; readonly key: string; readonly value: unknown; readonly profile: string },
): void {
  const kind = table.get(key)?.origin.kind;
  if (kind === "default" || kind === "preset" || kind === "file")
    table.amend(name, value, { kind: "preset", name: `profile ${profile}` });
}

/** Throws `E_PROFILE_UNKNOWN`, `E_PROFILE_INVALID`; `origin` is who asked for it. */
export function profileOf(name: string, tables: unknown, origin?: string): Profile {
  const found = readProfile(name, tables);
  if (!("fault" in found)) return found;
  if (found.fault === "invalid") throw new PybunError("E_PROFILE_INVALID", found.reason);
  const known = profileNames(tables);
  const near = nearest(name, known);
  throw new PybunError("E_PROFILE_UNKNOWN", found.reason, {
    evidence:
      origin === undefined
        ? [`there are  ${known.join(", ")}`]
        : [`asked by   ${origin}`, `there are  ${known.join(", ")}`],
    hints: near === undefined ? ["see what they do: `pybun profile --list`"] : [`did you mean \`${near}\``],
    context: { name, known },
  });
}
