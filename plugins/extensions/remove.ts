import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Host } from "../../plugin-api/services.ts";
import { userConfigDir } from "../../plugin-api/system/directories.ts";
import { locate } from "../../plugin-api/system/plugin-files.ts";
import { writeTrust } from "../../plugin-api/system/plugin-trust.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import type { remove as spec } from "./commands.ts";
import { namedPlugins, namingFile, removeName } from "./configuration.ts";

const remove: RunOf<typeof spec> = async (options, [name = ""], session) => {
  const host = await session.use(Host);
  const naming = namingFile(host, options);
  const names = namedPlugins(naming);
  const shown = showPath(naming.file, { cwd: session.cwd, home: host.home });
  const wanted = path.resolve(session.cwd, name);
  const found = names.find((each) => each === name || path.resolve(naming.from, each) === wanted);
  if (found === undefined)
    throw new PybunError("E_USAGE", `${shown} names no plugin \`${name}\``, {
      evidence: [names.length > 0 ? `it names: ${names.join(", ")}` : "it names none"],
    });
  removeName(naming, found);
  withdraw(host, found, naming.from);
  return {
    exitCode: 0,
    data: { plugin: found, config: naming.file },
    text: (ui) => `${ui.ok("Removed")} ${ui.name(found)} from plugins in ${shown}\n`,
  };
};
export default remove;

/** A plugin that is gone from disk has no consent left to withdraw. */
function withdraw(host: Host, name: string, from: string): void {
  let file: string;
  try {
    file = locate({ name, from, origin: "the command line" });
  } catch {
    return;
  }
  writeTrust(userConfigDir(host.env, host.home, host.platform), file, undefined);
}
