import type { Settle } from "../../plugin-api/plugin.ts";
import { finish } from "./finish.ts";
import { askedOf } from "./locking.ts";

/** After a universal resolution. */
const afterLock: Settle<"lock"> = (request, { packages, isFromCache = false }, session) =>
  finish({ asked: askedOf(request), chosen: packages, isFromCache }, session);
export default afterLock;
