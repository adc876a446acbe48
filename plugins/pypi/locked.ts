import type { Settle } from "../../plugin-api/plugin.ts";
import { finish } from "./finish.ts";
import { askedOf } from "./locking.ts";

/** After a universal resolution. */
const afterLock: Settle<"lock"> = (request, { packages }, session) => finish(askedOf(request), packages, session);
export default afterLock;
