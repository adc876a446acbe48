import fs from "node:fs";
import path from "node:path";
import { Environments } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { hasLostLink } from "../../plugin-api/system/store-links.ts";
import { missingLaunchers } from "./launchers.ts";
import { environmentOf, type ToolPlaces } from "./places.ts";
import type { ToolRecord } from "./record.ts";

/** What keeps an installed tool from being what its record says; undefined when it is whole. */
export async function damageOf(tool: ToolRecord, places: ToolPlaces, session: Session): Promise<string | undefined> {
  const root = environmentOf(places, tool.name);
  if (!fs.existsSync(path.join(root, "pyvenv.cfg"))) return "its environment is gone";
  const python = path.join(root, tool.folders.scripts, places.isWindows ? "python.exe" : "python");
  if (!fs.existsSync(python)) return `its Python ${tool.interpreter.version} is gone`;
  const site = path.join(root, tool.folders.site);
  if (hasLostLink(site)) return "what it was linked to is gone";
  const installed = (await session.use(Environments)).installed(site, readEnvironmentStamp(root));
  const found = new Map<string, string>(installed.map(({ name, version }) => [name, version]));
  const other = tool.pins.find(({ name, version }) => found.get(name) !== version);
  if (other) return `its environment does not have ${other.name} ${other.version}`;
  const [missing] = missingLaunchers(tool, places);
  return missing === undefined ? undefined : `its command \`${missing}\` is not in ${places.show(places.bin)}`;
}
