import path from "node:path";
import type { EnvironmentImage, ImageNode } from "../../plugin-api/environment-image.ts";
import { hashAndSize } from "./recorded.ts";
import { type Difference, type Folder, newFolder, type Owner } from "./tree.ts";

/** Roots that need no quoting in any script, and no way around the length a first line may have. */
export const isPlainRoot = (root: string): boolean => /^[\w@%+=:,./-]{1,80}$/.test(root);

/** The image can't be used: something it needs is gone, or the place is not one for it. */
export class UnfitImage extends Error {
  override readonly name = "UnfitImage";
}

const NOBODY: Owner = { label: "", isPurelib: true };

/** The parts of an image for an environment at `root`, to be built. Throws UnfitImage. */
export function partsOf(image: EnvironmentImage, root: string): readonly (readonly [path: string, node: Built])[] {
  if (!isPlainRoot(root)) throw new UnfitImage(root);
  const build = (node: ImageNode): Built => {
    if (!Array.isArray(node)) return folderOf(node as Readonly<Record<string, ImageNode>>);
    const [kind, entry, place, folders, files] = node as readonly [string, number, string, string?, string?];
    if (kind === "text" || kind === "executable text")
      return { kind: "text", content: () => textAt(node, root), isExecutable: kind !== "text", owner: NOBODY };
    const source = `${image.entries[entry]?.path}/${place}`;
    const isCopied = kind.startsWith("copied ");
    if (kind === "kept")
      return { kind: "text", content: gone, isExecutable: false, owner: NOBODY, saved: () => source };
    if (kind.endsWith("file")) return { kind: "file", source, owner: NOBODY, isCopied };
    const names = folders !== undefined && files !== undefined ? { folders, files } : undefined;
    return { kind: "whole", source, owner: NOBODY, isCopied, isLinked: kind === "tree", names };
  };
  const folderOf = (names: Readonly<Record<string, ImageNode>>): Folder => {
    const folder = newFolder();
    for (const name in names) folder.slots!.set(name, { name, before: undefined, now: build(names[name]!) });
    return folder;
  };
  return Object.entries(image.parts).map(([path, node]) => [path, build(node)]);
}

/** What RECORD would say of the commands, by the names it has for them: hash and size of each. */
export const commandsOf = (
  { commands, parts, site }: EnvironmentImage,
  root: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(commands.map((name) => [name, hashAndSize(textAt(parts[path.posix.join(site, name)], root))]));

function textAt(node: ImageNode | undefined, root: string): string {
  if (!Array.isArray(node)) throw new UnfitImage("a text");
  return (node.slice(1) as (string | null)[]).map((piece) => piece ?? root).join("");
}

type Built = NonNullable<Difference["node"]>;

const gone = (): never => {
  throw new UnfitImage("a kept text");
};
