import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Option } from "../../plugin-api/option.ts";
import { pageStampsOf } from "../../plugin-api/page-stamps.ts";
import type { Plugin } from "../../plugin-api/plugin.ts";
import type { Catalogue, SettingsTable } from "../../plugin-api/services.ts";

const BY_NAME = { name: "any" as PackageName };

/** The plugins that would be asked for a package's page, when all of them can vouch for their answers. */
export function witnessesOf({ plugins }: Catalogue, settings: SettingsTable): readonly string[] | undefined {
  const values = new Map(settings.entries.map(({ option, value }) => [option, value]));
  const asked = plugins.filter((plugin) => isAsked(plugin, values));
  const canVouch = ({ name, services = [] }: Plugin): boolean =>
    services.some(({ key }) => key.name === pageStampsOf(name).name);
  return asked.length > 0 && asked.every(canVouch) ? asked.map(({ name }) => name) : undefined;
}

/** A plugin's own condition, where it states one, says whether it leaves all questions by name to others. */
function isAsked({ settings: specs = {}, stages }: Plugin, values: ReadonlyMap<Option, unknown>): boolean {
  const perform = stages?.["fetch.versions"]?.perform;
  if (!perform?.when) return perform !== undefined;
  const own = Object.entries(specs).map(([name, option]) => [name, values.get(option)] as const);
  return perform.when(BY_NAME, Object.fromEntries(own));
}
