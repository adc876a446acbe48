import type { RunOf } from "../../plugin-api/command.ts";
import { asPip, callError } from "./as-pip.ts";
import type { configSet as spec } from "./config-commands.ts";
import { changeConfig, keyParts } from "./config-files.ts";

/** SPEC PIP-01. */
const configSet: RunOf<typeof spec> = async (scopes, [written = "", value = ""], session) => {
  if (/[\r\n]/.test(value)) throw callError("pip config set", "a value has to be one line");
  return changeConfig(scopes, { parts: keyParts(written), value }, session);
};
export default asPip(configSet);
