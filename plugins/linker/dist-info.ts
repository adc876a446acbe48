import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { infoFolders } from "../../plugin-api/model/store-layout.ts";
import type { KeptDistribution } from "./kept.ts";
import type { Package } from "./packages.ts";
import { hashAndSize } from "./recorded.ts";
import { type Folder, findSlot, newFolder, type Owner, slotIn, type TextNode, type Tree } from "./tree.ts";

/** Links to folders of the store by owner, relative to site-packages; asked for when all packages have their places. */
export type Links = () => ReadonlyMap<Owner, readonly string[]>;

/** What the installer writes itself; a wheel that brings one of these does not speak for this installation. */
const OWN_FILES = new Set(["RECORD", "INSTALLER", "REQUESTED", "direct_url.json"]);
const INSTALLER = "pybun\n";

/** Puts a distribution's metadata into place: the wheel's own, and what makes it an installed one (PEP 376, 610, 627). */
export function placeDistInfo(
  pkg: Package,
  site: Folder,
  { tree, links }: { readonly tree: Tree; readonly links: Links },
): void {
  const { infoDir, infoFiles } = pkg.layout;
  const info: Folder = { ...newFolder(), isItsOwners: true };
  slotIn(tree, site, infoDir).now = info;
  const isCopied = pkg.treatment === "copies";
  const linked = pkg.treatment === "links" ? infoFolders(pkg.layout) : [];
  for (const folder of linked) {
    const source = `${pkg.tree}/${folder}`;
    const name = folder.slice(infoDir.length + 1);
    slotIn(tree, info, name).now = { kind: "whole", source, owner: pkg, isLinked: true, isCopied };
  }
  for (const file of infoFiles) {
    if (OWN_FILES.has(file) || (linked.length > 0 && file.includes("/"))) continue;
    const folder = folderBelow(tree, info, path.posix.dirname(file));
    const source = `${pkg.tree}/${infoDir}/${file}`;
    slotIn(tree, folder, path.posix.basename(file)).now = { kind: "file", source, owner: pkg, isCopied };
  }
  const texts = installerTexts(pkg);
  for (const [name, content] of texts)
    putText(tree, info, { name, owner: pkg, content: () => content, saved: () => keptAs(pkg, [name, content]) });
  const content = () => recordText(pkg, links().get(pkg) ?? [], texts);
  const saved = () => {
    const more = [...texts, ...pkg.extraRows].flat();
    return keptAs(pkg, ["RECORD", ...(links().get(pkg) ?? []), "", ...pkg.dropped, "", ...more]);
  };
  putText(tree, info, { name: "RECORD", owner: pkg, content, saved });
}

/** To be raised when the same facts give another text. */
const TEXTS_VERSION = 4;

/** Where a text that depends on these facts, and on the wheel, may be kept. */
const keptAs = ({ saved }: Package, facts: readonly string[]): string =>
  `${saved}${TEXTS_VERSION}-${sha256Of(facts.join("\n")).slice(0, 16)}`;

function folderBelow(tree: Tree, folder: Folder, relative: string): Folder {
  let at = folder;
  for (const name of relative === "." ? [] : relative.split("/")) {
    const slot = slotIn(tree, at, name);
    at = (slot.now ??= newFolder()) as Folder;
  }
  return at;
}

function putText(
  tree: Tree,
  folder: Folder,
  { name, owner, content, saved }: Pick<TextNode, "owner" | "content" | "saved"> & { readonly name: string },
): void {
  slotIn(tree, folder, name).now = { kind: "text", isExecutable: false, owner, content, saved };
}

function installerTexts({ isRequested, directUrl }: Package): ReadonlyMap<string, string> {
  const texts = new Map([["INSTALLER", INSTALLER]]);
  if (isRequested) texts.set("REQUESTED", "");
  if (directUrl !== undefined) texts.set("direct_url.json", directUrl);
  return texts;
}

/**
 * RECORD of an installed distribution. Links come first: `uv pip uninstall` removes line by line, and once the link is gone the
 * files behind it are out of its reach; pip removes links and leaves alone what resolves to outside of the environment.
 */
function recordText(pkg: Package, links: readonly string[], texts: ReadonlyMap<string, string>): string {
  const { infoDir } = pkg.layout;
  const linkRows = links.map((link) => `${quoted(link)},,\n`).join("");
  const extra = [...pkg.extraRows].map(([file, record]) => `${quoted(file)},${record}\n`).join("");
  const own = [...texts].map(([name, content]) => `${infoDir}/${name},${hashAndSize(content)}\n`).join("");
  const left = new Set([...pkg.dropped, ...[...texts.keys()].map((name) => `${infoDir}/${name}`)]);
  return `${linkRows}${withoutRows(pkg.rows(), left)}${extra}${own}${infoDir}/RECORD,,\n`;
}

/** Most RECORDs lose nothing, and are thousands of lines long. */
function withoutRows(rows: string, left: ReadonlySet<string>): string {
  const isTouched = [...left].some((file) => rows.includes(`${quoted(file)},`));
  if (!isTouched) return rows;
  const isLeft = (line: string): boolean => [...left].some((file) => line.startsWith(`${quoted(file)},`));
  return rows
    .split(/(?<=\n)/)
    .filter((line) => !isLeft(line))
    .join("");
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Writes the RECORD of a distribution that stays anew: links of its own became folders, or a path went to another one. */
export function rewriteRecord(
  owner: KeptDistribution,
  site: string,
  { tree, links }: { tree: Tree; links: Links },
): void {
  const file = path.join(owner.installed.infoPath, "RECORD");
  const before = fs.readFileSync(file, "utf8");
  const found = findSlot(tree, `${site}/${path.basename(owner.installed.infoPath)}/RECORD`);
  if (!found) return;
  const linkRows = (links().get(owner) ?? []).map((link) => `${quoted(link)},,\n`).join("");
  const content = () => linkRows + withoutRows(before, new Set([...owner.expanded, ...owner.dropped]));
  found.slot.now = { kind: "text", content, isExecutable: false, owner };
}
