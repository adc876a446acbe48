import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Environments, Host } from "../../plugin-api/services.ts";
import { hideEnvironment } from "../../plugin-api/system/dot-venv.ts";
import { removeEnvironment } from "../../plugin-api/system/environment-change.ts";
import type { remove as spec } from "./commands.ts";
import {
  aroundOf,
  checkWork,
  isEnvironment,
  localEnvironment,
  namedEnvironment,
  projectEnvironment,
  shownPath,
} from "./places.ts";

const remove: RunOf<typeof spec> = async (_options, [name], session) => {
  const around = aroundOf(session, await session.use(Host));
  const root = name === undefined ? projectEnvironment(around) : namedEnvironment(name, around);
  if (root === undefined || !isEnvironment(root)) {
    const what =
      name === undefined ? "this folder has no environment of its own" : `there is no environment \`${name}\``;
    throw new PybunError("E_ENV_NOT_FOUND", what, { hints: ["see which there are: `pybun env list`"] });
  }
  checkWork(root, around);
  await (await session.use(Environments)).alone(root, () => removeEnvironment(root));
  const projectRoot = path.dirname(path.dirname(root));
  if (root === localEnvironment(projectRoot)) hideEnvironment(projectRoot);
  const shown = shownPath(root, around);
  return {
    exitCode: 0,
    data: { path: root, removed: true },
    text: (ui) => `${ui.ok("Removed")} environment ${ui.name(shown)}`,
  };
};
export default remove;
