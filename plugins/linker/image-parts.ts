import type { EnvironmentImage, ImageNode, ImagePiece } from "../../plugin-api/environment-image.ts";
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
  if (root !== image.root && !isPlainRoot(root)) throw new UnfitImage(root);
  const contentOf = (node: ImageNode | undefined): Uint8Array => {
    if (!Array.isArray(node)) throw new UnfitImage("a text");
    const pieces = (node.slice(1) as ImagePiece[]).map((piece) => bytesOf(piece));
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  };
  const bytesOf = (piece: ImagePiece): Uint8Array => {
    if (typeof piece === "string") return Buffer.from(piece);
    if (!("is" in piece)) return image.texts.subarray(...piece);
    return Buffer.from(piece.is === "root" ? root : hashAndSize(contentOf(image.parts[piece.part])));
  };
  const build = (node: ImageNode): Built => {
    if (!Array.isArray(node)) return folderOf(node as Readonly<Record<string, ImageNode>>);
    const [kind, entry, place] = node as readonly [string, number, string];
    if (kind === "text" || kind === "executable text")
      return { kind: "text", content: () => contentOf(node), isExecutable: kind !== "text", owner: NOBODY };
    const source = `${image.entries[entry]?.path}/${place}`;
    const isCopied = kind.startsWith("copied ");
    if (kind === "kept")
      return { kind: "text", content: gone, isExecutable: false, owner: NOBODY, saved: () => source };
    if (kind.endsWith("file")) return { kind: "file", source, owner: NOBODY, isCopied };
    return { kind: "whole", source, owner: NOBODY, isCopied, isLinked: kind === "tree" };
  };
  const folderOf = (names: Readonly<Record<string, ImageNode>>): Folder => {
    const folder = newFolder();
    for (const name in names) folder.slots!.set(name, { name, before: undefined, now: build(names[name]!) });
    return folder;
  };
  return Object.entries(image.parts).map(([path, node]) => [path, build(node)]);
}

type Built = NonNullable<Difference["node"]>;

const gone = (): never => {
  throw new UnfitImage("a kept text");
};
