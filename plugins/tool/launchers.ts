import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { randomName } from "../../plugin-api/hash/native.ts";
import type { StoreLayout } from "../../plugin-api/model/store-layout.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import type { ToolPlaces } from "./places.ts";

/** Names of the commands a wheel brings, sorted: declared ones, and programs in its scripts folder. */
export function commandsIn({ consoleScripts, guiScripts, data }: StoreLayout): readonly string[] {
  const programs = data.filter(({ scheme, path: file }) => scheme === "scripts" && !file.includes("/"));
  const names = [...consoleScripts, ...guiScripts].map(({ name }) => name);
  return [...new Set([...names, ...programs.map((file) => file.path)])].sort();
}

/** A command of a tool in the folder of commands. */
const launcherOf = ({ isWindows }: ToolPlaces, bin: string, command: string): string =>
  path.join(bin, isWindows ? `${command}.cmd` : command);

/** Name of the tool a file in the folder of commands belongs to; undefined for what is not PyBun's. */
function ownerOf(file: string, { tools, isWindows }: ToolPlaces): string | undefined {
  const target = isWindows ? targetOfStarter(file) : targetOfLink(file);
  if (target === undefined) return undefined;
  const [name, ...rest] = path.relative(tools, target).split(path.sep);
  return name !== ".." && rest.length > 0 && !path.isAbsolute(name ?? "") ? name : undefined;
}

function targetOfLink(file: string): string | undefined {
  try {
    return path.resolve(path.dirname(file), fs.readlinkSync(file));
  } catch {
    return undefined;
  }
}

function targetOfStarter(file: string): string | undefined {
  try {
    return /^@"([^"]+)" %\*/.exec(fs.readFileSync(file, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

const exists = (file: string): boolean => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;

/** Something else stands where a command of the tool should: only `--force` puts it there. */
export const hasTakenCommand = (
  { name, commands }: { readonly name: string; readonly commands: readonly string[] },
  places: ToolPlaces,
): boolean =>
  commands.some((command) => {
    const file = launcherOf(places, places.bin, command);
    return exists(file) && ownerOf(file, places) !== name;
  });

/** Throws `E_TOOL_COMMAND_TAKEN` when a command is there already and not this tool's; a folder is never replaced. */
export function checkFree(
  { name: tool, commands }: { readonly name: string; readonly commands: readonly string[] },
  places: ToolPlaces,
  isForced: boolean,
): void {
  const taken = commands.flatMap((command) => {
    const file = launcherOf(places, places.bin, command);
    const owner = ownerOf(file, places);
    if (!exists(file) || owner === tool) return [];
    const isFolder = fs.lstatSync(file).isDirectory();
    return isForced && !isFolder ? [] : [{ command, file, owner: owner ?? null, isFolder }];
  });
  const [first] = taken;
  if (first === undefined) return;
  const whose = first.owner === null ? "PyBun did not put it there" : `it belongs to tool \`${first.owner}\``;
  const message = `${places.show(first.file)} is there already: ${first.isFolder ? "it is a folder" : whose}`;
  throw new PybunError("E_TOOL_COMMAND_TAKEN", message, {
    evidence: [...taken.slice(1).map(({ file }) => `and  ${places.show(file)}`), "nothing was changed"],
    hints: taken.some(({ isFolder }) => isFolder) ? [] : [`replace it: \`pybun tool install ${tool} --force\``],
    context: { tool, taken: taken.map(({ command, file, owner }) => ({ command, file, owner })) },
  });
}

/** Puts the commands of a tool where the shell finds them, each in one step, and takes away those that it has no more. */
export function placeLaunchers(
  tool: { readonly name: string; readonly commands: readonly string[]; readonly bins: readonly string[] },
  scripts: string,
  places: ToolPlaces,
): void {
  fs.mkdirSync(places.bin, { recursive: true });
  for (const command of tool.commands) placeOne(command, scripts, places);
  removeLaunchers(tool, places, new Set(tool.commands));
}

function placeOne(command: string, scripts: string, places: ToolPlaces): void {
  const file = launcherOf(places, places.bin, command);
  if (places.isWindows) {
    const target = [".cmd", ".exe", ""].map((end) => path.join(scripts, command + end)).find(exists);
    return writeAtomically(file, `@"${target ?? path.join(scripts, command)}" %*\r\n`);
  }
  const target = path.join(scripts, command);
  if (targetOfLink(file) === target) return;
  const temporary = path.join(places.bin, `.${command}.${process.pid}-${randomName(6)}.tmp`);
  fs.symlinkSync(target, temporary);
  try {
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** Takes away what leads into a tool's environment, but for the commands to keep in the folder of today. */
export function removeLaunchers(
  tool: { readonly name: string; readonly bins: readonly string[] },
  places: ToolPlaces,
  kept: ReadonlySet<string> = new Set(),
): void {
  for (const bin of new Set([...tool.bins, places.bin])) {
    const names = fs.existsSync(bin) ? fs.readdirSync(bin) : [];
    for (const name of names) {
      const command = places.isWindows ? name.replace(/\.cmd$/, "") : name;
      const file = path.join(bin, name);
      const isKept = bin === places.bin && kept.has(command);
      if (!isKept && ownerOf(file, places) === tool.name) fs.rmSync(file, { force: true });
    }
  }
}

/** Commands of a tool that are missing, or lead elsewhere. */
export const missingLaunchers = (
  tool: { readonly name: string; readonly commands: readonly string[]; readonly bins: readonly string[] },
  places: ToolPlaces,
): readonly string[] =>
  tool.commands.filter(
    (command) =>
      !tool.bins.some((bin) => {
        const file = launcherOf(places, bin, command);
        return ownerOf(file, places) === tool.name && (places.isWindows || fs.existsSync(file));
      }),
  );
