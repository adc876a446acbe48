import type { RunOf } from "../../plugin-api/command.ts";
import { asPip, callError } from "./as-pip.ts";
import type { configGet as spec } from "./config-commands.ts";
import { keyParts, readConfig } from "./config-files.ts";

/** SPEC PIP-01. */
const configGet: RunOf<typeof spec> = async (scopes, [written = ""], session) => {
  const [section, key] = keyParts(written);
  const files = await readConfig(scopes, session);
  const found = files
    .flatMap(({ entries }) => entries)
    .findLast((entry) => entry.section === section && entry.key === key);
  if (!found) throw callError("pip config get", `none of pip's files has \`${written}\``);
  return { exitCode: 0, data: { key: written, value: found.value }, text: () => found.value };
};
export default asPip(configGet);
