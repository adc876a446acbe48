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

/** Where the parts of an image are put together. */
export interface Making {
  readonly builder: Builder;
  /** The folder that becomes the environment; it is there. */
  readonly staged: string;
  /** Done while another thread links, where there is one. */
  readonly meanwhile?: () => void;
}

/** Makes what an image tells of for an environment at `root`. Throws UnfitImage or a system error. */
export function makeParts(image: EnvironmentImage, root: string, { builder, staged, meanwhile }: Making): void {
  if (!isPlainRoot(root)) throw new UnfitImage(root);
  const { folders, files, trees, store, parts } = image;
  if (!makeFolders(folders, staged)) throw new UnfitImage("folders");
  const chunks = [...chunksOf(files, { source: store, target: staged, isPairs: true })];
  const others: (() => void)[] = [];
  for (const [place, node] of Object.entries(parts)) {
    const target = `${staged}/${place}`;
    if (node[0] === "names") chunks.push(...namesAt(node, target, image));
    else others.push(() => builder.build(nodeOf(node, image, root), target));
  }
  const areLinked = linkChunks(chunks, () => {
    meanwhile?.();
    if (!makeLinks(trees, staged)) throw new UnfitImage("links");
    for (const build of others) build();
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

function nodeOf(
  node: Exclude<ImageNode, readonly ["names", ...unknown[]]>,
  { entries }: EnvironmentImage,
  root: string,
) {
  const [kind, entry, place] = node;
  if (kind === "text" || kind === "executable text")
    return { kind: "text", content: () => textAt(node, root), isExecutable: kind !== "text", owner: NOBODY } as const;
  const source = `${entries[entry as number]?.path}/${place}`;
  const isCopied = kind.startsWith("copied ");
  if (kind.endsWith("file")) return { kind: "file", source, owner: NOBODY, isCopied } as const;
  return { kind: "whole", source, owner: NOBODY, isCopied, isLinked: false } as const;
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
