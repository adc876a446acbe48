import type { Settle } from "../../plugin-api/plugin.ts";
import { Host } from "../../plugin-api/services.ts";
import { noteUser } from "./users.ts";

const settle: Settle<"link"> = async (_input, { root, interpreter }, session) =>
  noteUser(root, interpreter.basePath, await session.use(Host));
export default settle;
