import type { Settle } from "../../plugin-api/plugin.ts";
import { finish } from "./finish.ts";

/** After a resolution. */
const afterResolve: Settle<"resolve"> = (request, { pins }, session) => finish(request, pins, session);
export default afterResolve;
