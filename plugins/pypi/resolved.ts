import type { Settle } from "../../plugin-api/plugin.ts";
import { finish } from "./finish.ts";

/** After a resolution. */
const afterResolve: Settle<"resolve"> = (request, { pins, isFromCache }, session) =>
  finish({ asked: request, chosen: pins, isFromCache }, session);
export default afterResolve;
