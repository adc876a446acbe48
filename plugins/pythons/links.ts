import fs from "node:fs";
import path from "node:path";
import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import { randomName } from "../../plugin-api/hash/native.ts";
import type { Host } from "../../plugin-api/services.ts";
import { commandsDir } from "../../plugin-api/system/directories.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { managedRoot } from "./installed.ts";

/** Links in the folder for commands, and what stood in the way of others. */
export interface Links {
  readonly made: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

/** Puts `python`, `python3` and `python3.X` into the folder for commands; only links of ours are replaced. */
export function linkCommands(executable: string, host: Host): Links {
  const folder = commandsDir(host.env, host.home);
  if (host.platform === "win32") return { made: [], warnings: [notLinked("links to programs need more rights here")] };
  fs.mkdirSync(folder, { recursive: true });
  const made: string[] = [];
  const warnings: Diagnostic[] = [];
  for (const name of [path.basename(executable), "python3", "python"]) {
    const link = path.join(folder, name);
    if (!isOurs(link, host)) {
      warnings.push(notLinked(`${showPath(link, host)} is there already and not PyBun's`));
      continue;
    }
    const temporary = path.join(folder, `.${name}.${randomName(4)}.tmp`);
    fs.symlinkSync(executable, temporary);
    fs.renameSync(temporary, link);
    made.push(link);
  }
  const isOnPath = (host.env["PATH"] ?? "").split(path.delimiter).includes(folder);
  if (made.length > 0 && !isOnPath) warnings.push(notLinked(`${showPath(folder, host)} is not on PATH`));
  return { made, warnings };
}

/** Removes the links that lead into an installation. */
export function unlinkCommands(root: string, host: Host): readonly string[] {
  const folder = commandsDir(host.env, host.home);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => /^python[\d.t]*$/.test(name)) : [];
  const links = names.map((name) => path.join(folder, name));
  const own = links.filter((link) => targetOf(link)?.startsWith(root + path.sep));
  for (const link of own) fs.rmSync(link);
  return own;
}

/** Nothing, or a link into the folder of managed Pythons, whether that still leads anywhere or not. */
function isOurs(link: string, host: Host): boolean {
  if (fs.lstatSync(link, { throwIfNoEntry: false }) === undefined) return true;
  return targetOf(link)?.startsWith(managedRoot(host) + path.sep) === true;
}

function targetOf(link: string): string | undefined {
  try {
    return path.resolve(path.dirname(link), fs.readlinkSync(link));
  } catch {
    return undefined;
  }
}

const notLinked = (reason: string): Diagnostic => warning("W_PYTHON_LINK", reason, { context: { reason } });
