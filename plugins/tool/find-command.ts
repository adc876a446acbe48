import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { parseEntryPoints } from "../../plugin-api/python/entry-points.ts";

/** What to run in a tool's environment. */
export type ToolCommand = { readonly kind: "command" | "module"; readonly target: string };

interface Wanted {
  readonly scripts: string;
  readonly sitePackages: string;
  /** Distribution the tool was asked for by, in normal form. */
  readonly distribution: string;
  readonly command: string;
}

/** The console script of that name, else the package's `__main__`. Throws `E_USAGE` listing the commands there are. */
export function findToolCommand({ scripts, sitePackages, distribution, command }: Wanted): ToolCommand {
  const script = path.join(scripts, command);
  if (isFile(script)) return { kind: "command", target: script };
  const module = command.replaceAll("-", "_");
  if (isFile(path.join(sitePackages, module, "__main__.py"))) return { kind: "module", target: module };
  const names = commandsOf(sitePackages, distribution);
  const only = names.length === 1 ? names[0] : undefined;
  if (only !== undefined && isFile(path.join(scripts, only)) && command === distribution)
    return { kind: "command", target: path.join(scripts, only) };
  const first = names[0];
  throw new PybunError("E_USAGE", `package \`${distribution}\` has no command named \`${command}\``, {
    evidence: [names.length > 0 ? `its commands: ${names.join(", ")}` : "it has no commands at all"],
    hints: first === undefined ? [] : [`\`pybun x --from ${distribution} ${first}\``],
    context: { package: distribution, commands: names },
  });
}

const isFile = (file: string): boolean => fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

function commandsOf(sitePackages: string, distribution: string): readonly string[] {
  const info = fs.readdirSync(sitePackages).find((name) => {
    const [stem = ""] = name.split("-");
    return name.endsWith(".dist-info") && stem.toLowerCase().replace(/[-_.]+/g, "-") === distribution;
  });
  const file = info && path.join(sitePackages, info, "entry_points.txt");
  if (!file || !isFile(file)) return [];
  return parseEntryPoints(fs.readFileSync(file, "utf8"))
    .filter(({ group }) => group === "console_scripts")
    .map(({ name }) => name)
    .sort();
}
