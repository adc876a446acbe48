import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import { userConfigDir } from "../../plugin-api/system/directories.ts";
import { locate } from "../../plugin-api/system/plugin-files.ts";
import { pluginDigest, writeTrust } from "../../plugin-api/system/plugin-trust.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import type { add as spec } from "./commands.ts";
import { addName, namedPlugins, namingFile } from "./configuration.ts";

/** Typing the command is the consent; what is agreed to is the content as it is now. */
const add: RunOf<typeof spec> = async (options, [name = ""], session) => {
  const host = await session.use(Host);
  const file = locate({ name, from: session.cwd, origin: "the command line" });
  const digest = pluginDigest(file);
  writeTrust(userConfigDir(host.env, host.home, host.platform), file, digest);
  const naming = namingFile(host, options);
  const written = nameIn(naming.from, file, name);
  const names = namedPlugins(naming);
  const isNew = !options.trustOnly && !names.includes(written);
  if (isNew) addName(naming, written);
  return {
    exitCode: 0,
    data: {
      plugin: written,
      path: file,
      sha256: digest,
      config: options.trustOnly ? null : naming.file,
      up_to_date: !isNew,
    },
    text: (ui) => {
      const show = (shown: string) => showPath(shown, { cwd: session.cwd, home: host.home });
      const consent = `Agreed to ${ui.name(show(file))} ${ui.dim(`sha256 ${digest}`)}\n`;
      return isNew ? `${consent}${ui.ok("Added")} it to plugins in ${show(naming.file)}\n` : consent;
    },
  };
};
export default add;

/** Packages keep their name; a path below the file's folder stays relative, so that the folder can move as a whole. */
function nameIn(from: string, file: string, typed: string): string {
  if (!typed.startsWith(".") && !path.isAbsolute(typed) && !typed.includes("/")) return typed;
  const relative = path.relative(from, file);
  return relative.startsWith("..") || path.isAbsolute(relative) ? file : `./${relative.split(path.sep).join("/")}`;
}
