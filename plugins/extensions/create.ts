import fs from "node:fs";
import path from "node:path";
import { Eta } from "eta";
import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Catalogue } from "../../plugin-api/services.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { create as spec } from "./commands.ts";
import { templateFiles } from "./template-files.ts";

const create: RunOf<typeof spec> = async (options, [name = ""], session) => {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw usageError("plugin new", `\`${name}\` is no plugin name: lower case letters, digits and hyphens`);
  const { plugins } = await session.use(Catalogue);
  if (plugins.some((plugin) => plugin.name === name))
    throw usageError("plugin new", `there is a plugin \`${name}\` already`);
  const folder = path.resolve(session.cwd, options.path ?? name);
  if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0)
    throw new PybunError("E_PLUGIN_EXISTS", `${path.relative(session.cwd, folder) || "."} is not empty`, {
      hints: [`another folder: \`pybun plugin new ${name} --path DIR\``],
    });
  const eta = new Eta({ autoEscape: false, autoTrim: false });
  const words = {
    name,
    identifier: name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    variable: `PYBUN_${name.replaceAll("-", "_").toUpperCase()}`,
  };
  fs.mkdirSync(folder, { recursive: true });
  for (const [file, template] of Object.entries(templateFiles))
    fs.writeFileSync(path.join(folder, file), eta.renderString(template, words), { flag: "wx" });
  const shown = path.relative(session.cwd, folder) || ".";
  return {
    exitCode: 0,
    data: { name, path: folder, created: Object.keys(templateFiles) },
    text: (ui) => `${ui.ok("Created")} plugin ${ui.name(name)} in ${shown}\n`,
    nextActions: [{ command: ["pybun", "plugin", "add", `./${shown}`], why: "agrees to it and uses it" }],
  };
};
export default create;
