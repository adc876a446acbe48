import path from "node:path";
import type { Origin } from "../../plugin-api/option.ts";
import type { Host } from "../../plugin-api/services.ts";
import { settingFolder } from "../../plugin-api/setting-folder.ts";
import { readLayers } from "../../plugin-api/system/config-files.ts";
import type { LearnedIndex } from "../../plugin-api/url-scope.ts";
import { type Index, readTables } from "./index-list.ts";

type Home = ReturnType<NonNullable<LearnedIndex["home"]>>;
type Machine = Pick<Host, "env" | "home" | "platform" | "cwd" | "projectRoot">;

/**
 * Where whoever runs PyBun has the index of a name: by flag, variable, or a configuration file of the user or machine. What
 * a project's own files say does not count: anybody could have written them. Undefined where nobody else names it.
 */
export function homeOf({ name, origin }: Index, indexes: readonly Index[], machine: Machine): Home {
  if (!isOfProject(origin, machine)) return undefined;
  const other = [...indexes, ...ownIndexes(machine)].find(
    (each) => each.name === name && each.origin !== undefined && !isOfProject(each.origin, machine),
  );
  return other && { url: other.url, origin: (other.origin as Origin).name };
}

/** A file in the folder that the call acts in, in the project's, or in one above. */
function isOfProject(origin: Origin | undefined, { cwd, projectRoot }: Machine): boolean {
  if (origin?.kind !== "file") return false;
  const folder = settingFolder(origin, cwd);
  return [cwd, projectRoot].some((at) => at !== undefined && !path.relative(folder, at).startsWith(".."));
}

/** The tables of the user's and the machine's files, also where the project's take their place. */
function ownIndexes({ env, home, platform }: Machine): readonly Index[] {
  const configFile = env["PYBUN_CONFIG_FILE"];
  const place = { env, home, platform, projectRoot: undefined, ...(configFile && { configFile }) };
  return readLayers(place, () => {}).flatMap(({ kind, name, values }) => {
    const origin = { kind, name };
    return readTables(values.get("index"), { folder: settingFolder(origin, home), origin });
  });
}
