import fs from "node:fs";
import path from "node:path";
import type { EntryPoint } from "../../plugin-api/model/store-layout.ts";
import { conflict, isSameContent, protectedPlace } from "./conflict.ts";
import { type KeptDistribution, requires } from "./kept.ts";
import type { Package } from "./packages.ts";
import { folderOf, type Placing } from "./place-files.ts";
import { inLib, isProtected, type Layout } from "./protected.ts";
import { hashAndSize } from "./recorded.ts";
import { entryScript, rewriteShebang } from "./shebang.ts";
import { type FileNode, type Folder, newFolder, type Owner, type Slot, slotIn, type TextNode } from "./tree.ts";

/** Where scripts will be run. */
export interface ScriptHome {
  /** Absolute path of the environment's Python, as it will be. */
  readonly python: string;
  readonly isWindows: boolean;
  /** Of Python. */
  readonly version: readonly [major: number, minor: number];
  /** Whether one new distribution asks for another, directly or not. */
  readonly dependsOn: (one: Package, other: Package) => boolean;
}

/** Something outside of a wheel's own folders, and its place relative to the root. */
interface Thing {
  readonly path: string;
  readonly node: TextNode | FileNode;
  /** Rest of its RECORD line. */
  readonly record: string;
}

/** Puts the commands and the `.data` files of a wheel into place (SPEC LNK-04). */
export function placeScripts(pkg: Package, home: ScriptHome, placing: Placing): void {
  const { guiScripts, data } = pkg.layout;
  const consoleScripts = commandsOf(pkg, home);
  for (const script of [...consoleScripts, ...guiScripts])
    for (const thing of commandFiles(script, { pkg, home, placing })) place(thing, { pkg, home, placing });
  // A wheel that has a command both ways means the declared one, as other installers take it.
  const commands = new Set([...consoleScripts, ...guiScripts].map(({ name }) => name));
  for (const file of data)
    if (file.scheme !== "scripts" || !commands.has(file.path))
      place(dataFile(file, { pkg, home, placing }), { pkg, home, placing });
}

/** pip has a command for each version of Python, which its wheel, made for all of them, can't declare. */
function commandsOf({ name, layout }: Package, { version: [major, minor] }: ScriptHome): readonly EntryPoint[] {
  const own = layout.consoleScripts.find((script) => name === "pip" && script.name === "pip");
  return own ? [...layout.consoleScripts, { ...own, name: `pip${major}.${minor}` }] : layout.consoleScripts;
}

interface With {
  readonly pkg: Package;
  readonly home: ScriptHome;
  readonly placing: Placing;
}

function commandFiles(script: EntryPoint, { pkg, home, placing }: With): Thing[] {
  const { scripts } = placing.layout;
  const text = entryScript(home.python, script);
  if (!home.isWindows) return [written(`${scripts}/${script.name}`, text, pkg)];
  const starter = `@"%~dp0${path.win32.basename(home.python)}" "%~dp0${script.name}-script.py" %*\r\n`;
  return [
    written(`${scripts}/${script.name}-script.py`, text, pkg),
    written(`${scripts}/${script.name}.cmd`, starter, pkg),
  ];
}

function written(relative: string, content: string | Uint8Array, owner: Package): Thing {
  const node: TextNode = { kind: "text", content: () => content, isExecutable: true, owner };
  return { path: relative, node, record: hashAndSize(content) };
}

function dataFile(file: Package["layout"]["data"][number], { pkg, home, placing }: With): Thing {
  const source = `${pkg.tree}/${file.tree}`;
  const { scripts, headers } = placing.layout;
  const isCopied = pkg.treatment === "copies";
  const node: FileNode = { kind: "file", source, owner: pkg, isCopied };
  if (file.scheme === "headers") return { path: `${headers}/${pkg.name}/${file.path}`, node, record: file.record };
  if (file.scheme === "data") return { path: inLib(file.path), node, record: file.record };
  const content = fs.readFileSync(source);
  const rewritten = rewriteShebang(content, home.python);
  // Whatever a wheel says: a file in the scripts folder is there to be run.
  if (rewritten ?? !file.isExecutable) return written(`${scripts}/${file.path}`, rewritten ?? content, pkg);
  return { path: `${scripts}/${file.path}`, node, record: file.record };
}

/** Neither hash nor size: what is written for one environment would make its RECORD another one than all others. */
const UNSAID = ",";

function place(thing: Thing, { pkg, home, placing }: With): void {
  if (isProtected(thing.path, placing.layout)) throw protectedPlace(thing.path, pkg);
  const slash = thing.path.lastIndexOf("/");
  const folder = folderFor(thing.path.slice(0, Math.max(slash, 0)), pkg, placing);
  const slot = slotIn(placing.tree, folder, thing.path.slice(slash + 1));
  const claim = slot.now === undefined ? "taken" : claimOf(slot, folder, { thing, pkg, home, placing });
  if (claim === "left to the other") return;
  if (claim === "taken") slot.now = thing.node;
  const row = recordPath(thing.path, placing.layout);
  const isOwn = thing.node.kind === "text";
  pkg.extraRows.set(row, isOwn ? UNSAID : thing.record);
  if (isOwn) pkg.commands.set(row, thing.record);
}

/** The folder of a path relative to the root. A link on the way becomes a real folder. */
function folderFor(relative: string, owner: Package, placing: Placing): Folder {
  if (relative === "") return placing.tree.root;
  const known = placing.folders.get(relative);
  if (known) return known;
  const slash = relative.lastIndexOf("/");
  const folder = folderFor(relative.slice(0, Math.max(slash, 0)), owner, placing);
  const slot = slotIn(placing.tree, folder, relative.slice(slash + 1));
  slot.now ??= newFolder();
  const path = relative.slice(placing.layout.site.length + 1);
  const found = folderOf(slot, { folder, path, owner }, placing);
  placing.folders.set(relative, found);
  return found;
}

type Claim = "taken" | "shared" | "left to the other";

/**
 * Two distributions may have a command of one name where one needs the other: the one that needs comes after the needed, so
 * the command is its own (`fastapi` over `fastapi-cli`).
 */
function claimOf(slot: Slot, folder: Folder, { thing, pkg, home, placing }: With & { readonly thing: Thing }): Claim {
  const { now } = slot;
  const row = recordPath(thing.path, placing.layout);
  if (now?.kind === "text" || now?.kind === "file") {
    const other = now.owner;
    if (isSame(now, thing.node)) return "shared";
    if (!isPackage(other)) throw conflict(thing.path, pkg, other);
    if (home.dependsOn(pkg, other)) {
      other.extraRows.delete(row);
      other.commands.delete(row);
      return "taken";
    }
    if (home.dependsOn(other, pkg)) return "left to the other";
    throw conflict(thing.path, pkg, other);
  }
  if (now?.kind !== "standing" || slot.before !== "file")
    throw conflict(thing.path, pkg, placing.kept.ownerOf(thing.path));
  if (isSameAs(path.join(folder.disk as string, slot.name), thing.node)) return "shared";
  return claimFrom(placing.kept.ownerOf(thing.path), { thing, pkg, row });
}

const isPackage = (owner: Owner): owner is Package => "dependencies" in owner;

function claimFrom(
  owner: KeptDistribution | undefined,
  { thing, pkg, row }: { readonly thing: Thing; readonly pkg: Package; readonly row: string },
): Claim {
  if (!owner) return "taken";
  if (requires(owner, pkg.name)) return "left to the other";
  if (!pkg.dependencies.has(owner.installed.name)) throw conflict(thing.path, pkg, owner);
  owner.dropped.add(row);
  return "taken";
}

const bytesOf = (node: TextNode | FileNode): Uint8Array =>
  node.kind === "file" ? fs.readFileSync(node.source) : Buffer.from(node.content());

const isSame = (one: TextNode | FileNode, other: TextNode | FileNode): boolean =>
  one.kind === "file" && other.kind === "file"
    ? isSameContent(one.source, other.source)
    : Buffer.from(bytesOf(one)).equals(bytesOf(other));

const isSameAs = (file: string, node: TextNode | FileNode): boolean =>
  node.kind === "file" ? isSameContent(file, node.source) : fs.readFileSync(file).equals(bytesOf(node));

/** As RECORD has it: relative to site-packages. */
const recordPath = (relative: string, { site, upwards }: Layout): string =>
  relative.startsWith(`${site}/`) ? relative.slice(site.length + 1) : upwards + relative;
