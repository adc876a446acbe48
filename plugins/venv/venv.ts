import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import type { venv as spec } from "./commands.ts";
import { makeEnvironment } from "./make.ts";

const venv: RunOf<typeof spec> = async (options, [folder], session) =>
  makeEnvironment(folder === undefined ? undefined : path.resolve(session.cwd, folder), options, session);
export default venv;
