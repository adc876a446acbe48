import fs from "node:fs";
import path from "node:path";
import type { EnvironmentImage, ImageNode } from "../../plugin-api/environment-image.ts";
import { type Chunk, chunksOf, linkChunks } from "./link-chunks.ts";
import type { Builder } from "./materialize.ts";
import { makeFolders, makeLinks } from "./native.ts";
import { hashAndSize } from "./recorded.ts";
import type { Owner } from "./tree.ts";

/** Roots that need no quoting in any script, and no way around the length a first line may have. */
export const isPlainRoot = (root: string): boolean => /^[\w@%+=:,./-]{1,80}$/.test(root);

/** The image can't be used: something it needs is gone, or the place is not one for it. */
export class UnfitImage extends Error {
  override readonly name = "UnfitImage";
}

const NOBODY: Owner = { label: "", isPurelib: true };

/** As much of a package as tells where its bytecode is kept. */
const ownerIn = ({ entries }: EnvironmentImage, entry: number, { isCompiled }: Pick<Making, "isCompiled">) => {
  const path = entries[entry]?.path ?? "";
  return { ...NOBODY, tree: `${path}/tree`, isCompiled: () => isCompiled(path) };
};

/** Where the parts of an image are put together. */
export interface Making {
  readonly builder: Builder;
  /** The folder that becomes the environment; it is there. */
  readonly staged: string;
  /** Of an entry of the store, absolute: asked after `meanwhile`. */
  readonly isCompiled: (entry: string) => boolean;
  /** Done while another thread links, where there is one. */
  readonly meanwhile?: () => void;
}

/** Makes what an image tells of for an environment at `root`. Throws UnfitImage or a system error. */
export function makeParts(image: EnvironmentImage, root: string, making: Making): void {
  const { builder, staged, meanwhile } = making;
  if (!isPlainRoot(root)) throw new UnfitImage(root);
  const { folders, files, trees, store, parts } = image;
  if (!makeFolders(folders, staged)) throw new UnfitImage("folders");
  const chunks = [...chunksOf(files, { source: store, target: staged, isPairs: true })];
  const others: (() => void)[] = [];
  for (const [place, node] of Object.entries(parts)) {
    const target = `${staged}/${place}`;
    if (node[0] === "names") chunks.push(...namesAt(node, target, image));
    else others.push(() => builder.build(nodeOf(node, image, { root, making }), target));
  }
  const areLinked = linkChunks(chunks, () => {
    meanwhile?.();
    if (!makeLinks(trees, staged)) throw new UnfitImage("links");
    for (const build of others) build();
    for (const module of image.uncompiled) buildBytecode(module, image, making);
  });
  if (!areLinked) throw new UnfitImage("files");
}

function namesAt(
  [, entry, place, folders, files]: Extract<ImageNode, readonly ["names", ...unknown[]]>,
  target: string,
  { entries }: EnvironmentImage,
): readonly Chunk[] {
  fs.mkdirSync(target);
  if (!makeFolders(folders, target)) throw new UnfitImage("folders");
  return chunksOf(files, { source: `${entries[entry]?.path}/${place}`, target });
}

/** What has been compiled since. */
function buildBytecode(
  [entry, module, place]: EnvironmentImage["uncompiled"][number],
  image: EnvironmentImage,
  making: Making,
): void {
  const owner = ownerIn(image, entry, making);
  if (!owner.isCompiled()) return;
  const { cacheTag } = image.interpreter;
  const source = bytecodeOf(`${image.entries[entry]?.path}/${module}`, cacheTag);
  if (!fs.existsSync(source)) return;
  const target = bytecodeOf(`${making.staged}/${place}`, cacheTag);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  making.builder.build({ kind: "file", source, owner, isCopied: false }, target);
}

const bytecodeOf = (module: string, cacheTag: string): string =>
  path.join(path.dirname(module), "__pycache__", `${path.basename(module, ".py")}.${cacheTag}.pyc`);

function nodeOf(
  node: Exclude<ImageNode, readonly ["names", ...unknown[]]>,
  image: EnvironmentImage,
  { root, making }: { readonly root: string; readonly making: Making },
) {
  const [kind, entry, place] = node;
  if (kind === "text" || kind === "executable text")
    return { kind: "text", content: () => textAt(node, root), isExecutable: kind !== "text", owner: NOBODY } as const;
  const source = `${image.entries[entry as number]?.path}/${place}`;
  const owner = ownerIn(image, entry as number, making);
  const isCopied = kind.startsWith("copied ");
  if (kind.endsWith("file")) return { kind: "file", source, owner, isCopied } as const;
  return { kind: "whole", source, owner, isCopied, isLinked: false } as const;
}

/** What RECORD would say of the commands, by the names it has for them: hash and size of each. */
export const commandsOf = (
  { commands, parts, site }: EnvironmentImage,
  root: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(commands.map((name) => [name, hashAndSize(textAt(parts[path.posix.join(site, name)], root))]));

function textAt(node: ImageNode | undefined, root: string): string {
  if (node === undefined || !node[0].endsWith("text")) throw new UnfitImage("a text");
  return (node.slice(1) as (string | null)[]).map((piece) => piece ?? root).join("");
}
