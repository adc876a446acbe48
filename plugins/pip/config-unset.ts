import type { RunOf } from "../../plugin-api/command.ts";
import { asPip } from "./as-pip.ts";
import type { configUnset as spec } from "./config-commands.ts";
import { changeConfig, keyParts } from "./config-files.ts";

/** SPEC PIP-01. */
const configUnset: RunOf<typeof spec> = async (scopes, [written = ""], session) =>
  changeConfig(scopes, { parts: keyParts(written), value: undefined }, session);
export default asPip(configUnset);
