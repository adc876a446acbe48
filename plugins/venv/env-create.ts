import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import type { create as spec } from "./commands.ts";
import { makeEnvironment } from "./make.ts";
import { aroundOf, namedEnvironment } from "./places.ts";

const create: RunOf<typeof spec> = async (options, [name], session) => {
  const around = aroundOf(session, await session.use(Host));
  const named = name === undefined ? undefined : namedEnvironment(name, around);
  return (await makeEnvironment(named, options, session)).report;
};
export default create;
