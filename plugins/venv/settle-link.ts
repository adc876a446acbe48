import fs from "node:fs";
import path from "node:path";
import type { Settle } from "../../plugin-api/plugin.ts";
import { Host } from "../../plugin-api/services.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import { showEnvironment } from "../../plugin-api/system/dot-venv.ts";
import { makeProjectFolder } from "../../plugin-api/system/project-folder.ts";
import { aroundOf, localEnvironment, PROJECT_NOTE, projectEnvironment } from "./places.ts";
import { settings } from "./settings.ts";

/** What a project's environment needs around it (SPEC ENV-05, ENV-09, ENV-10). */
const settle: Settle<"link"> = async (_input, { root }, session) => {
  const host = await session.use(Host);
  const around = aroundOf(session, host);
  if (around.location === "central" && root === projectEnvironment(around)) {
    fs.writeFileSync(path.join(root, PROJECT_NOTE), `${fs.realpathSync(host.projectRoot as string)}\n`);
    return;
  }
  const folder = path.dirname(root);
  const projectRoot = path.dirname(folder);
  if (root !== localEnvironment(projectRoot)) return;
  furnish(projectRoot, { platform: host.platform, dotVenv: settingsOf(session, settings).dotVenv });
};
export default settle;

/** Puts the ignore file beside a project's environment, and the `.venv` that shows it into the project's folder. */
export function furnish(
  projectRoot: string,
  { platform, dotVenv }: { readonly platform: string; readonly dotVenv: boolean },
): void {
  makeProjectFolder(projectRoot);
  if (dotVenv) showEnvironment(projectRoot, platform);
}
