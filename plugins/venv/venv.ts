import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { imageFile } from "../../plugin-api/environment-image.ts";
import { Host } from "../../plugin-api/services.ts";
import { environmentBehind } from "../../plugin-api/system/dot-venv.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { leaveRenewal, pythonsPremises } from "../../plugin-api/system/leave-note.ts";
import type { venv as spec } from "./commands.ts";
import { makeEnvironment } from "./make.ts";

const venv: RunOf<typeof spec> = async (options, [folder], session) => {
  const root = folder === undefined ? undefined : environmentBehind(path.resolve(session.cwd, folder));
  const { report, interpreter, isNew } = await makeEnvironment(root, options, session);
  const stamp = root !== undefined && isNew ? readEnvironmentStamp(root) : undefined;
  const { text } = report;
  if (root === undefined || stamp?.image === undefined || text === undefined) return report;
  const host = await session.use(Host);
  const image = imageFile(host.dataDir, stamp.image);
  await leaveRenewal({ command: "venv", root, files: pythonsPremises(interpreter, host), image, text }, session);
  return report;
};
export default venv;
