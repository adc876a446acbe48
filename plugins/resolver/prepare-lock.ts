import type { Prepare } from "../../plugin-api/plugin.ts";
import { settled } from "./prepare.ts";

/** Lets the settings decide what a request for a lock leaves open. */
const prepare: Prepare<"lock"> = async (request, session) => ({ ...request, ...(await settled(request, session)) });
export default prepare;
