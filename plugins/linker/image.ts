import type { EnvironmentImage, ImageEntry, ImageNode, ImagePiece } from "../../plugin-api/environment-image.ts";
import type { Goal } from "./assemble.ts";
import { isPlainRoot } from "./image-parts.ts";
import type { Building } from "./materialize.ts";
import type { Package } from "./packages.ts";
import { hashAndSize } from "./recorded.ts";
import type { Difference, Folder, Node, Owner, TextNode } from "./tree.ts";

/** What an image is taken of. */
export interface Taken {
  readonly goal: Omit<Goal, "disk">;
  readonly parts: readonly Difference[];
  readonly building: Building;
  readonly stamp: EnvironmentImage["stamp"];
}

/** The image of an environment that was just made whole; undefined where it holds something that can't be told. */
export function imageOf({ goal, parts, building, stamp }: Taken): EnvironmentImage | undefined {
  const { root, interpreter, layout, packages } = goal;
  if (!isPlainRoot(root)) return undefined;
  const indexes = new Map(packages.map((pkg, index) => [pkg, index]));
  const tops = new Set(parts.map(({ path }) => path));
  const taking: Taking = { root, packages, indexes, tops, moving: [], texts: { chunks: [], length: 0 } };
  const nodes: Record<string, ImageNode> = {};
  // Texts that name the root come first: RECORD tells their hashes.
  const isText = ({ node }: Difference): boolean => node?.kind === "text";
  for (const { path, node } of [...parts.filter(isText), ...parts.filter((part) => !isText(part))]) {
    const taken = node && takeNode(node, path, taking);
    if (taken === undefined) return undefined;
    nodes[path] = taken;
  }
  const entries = packages.map(entryOf);
  const { mode, isAutomatic } = building;
  return {
    format: 1,
    root,
    interpreter,
    site: layout.site,
    mode,
    isAutomatic,
    stamp,
    entries,
    parts: nodes,
    texts: Buffer.concat(taking.texts.chunks),
  };
}

const entryOf = ({ tree, layout }: Package): ImageEntry => ({
  path: tree.slice(0, -"/tree".length),
  linkedFolders: layout.linkedFolders,
});

interface Taking {
  readonly root: string;
  readonly packages: readonly Package[];
  readonly indexes: ReadonlyMap<Owner, number>;
  readonly tops: ReadonlySet<string>;
  /** What RECORD says of texts that name the root, with the part they are. */
  readonly moving: (readonly [recorded: string, part: string])[];
  readonly texts: { readonly chunks: Uint8Array[]; length: number };
}

/** Shorter ones are read as fast where they stand. */
const LONG = 300;

function takeNode(node: Node, path: string, taking: Taking): ImageNode | undefined {
  switch (node.kind) {
    case "folder":
      return takeFolder(node, path, taking);
    case "text":
      return takeText(node, path, taking);
    case "standing":
      return undefined;
    default: {
      const index = taking.indexes.get(node.owner);
      const start = index === undefined ? "" : taking.packages[index]!.tree.slice(0, -"tree".length);
      if (index === undefined || !node.source.startsWith(start)) return undefined;
      const place = [index, node.source.slice(start.length)] as const;
      if (node.kind === "whole" && node.isLinked) return node.isCopied ? undefined : ["tree", ...place];
      const what = node.kind === "whole" ? "files" : "file";
      return [node.isCopied ? (`copied ${what}` as const) : what, ...place];
    }
  }
}

function takeFolder({ slots }: Folder, path: string, taking: Taking): ImageNode | undefined {
  const names: Record<string, ImageNode> = {};
  for (const { name, now } of slots?.values() ?? []) {
    if (now === undefined) continue;
    const taken = takeNode(now, `${path}/${name}`, taking);
    if (taken === undefined) return undefined;
    names[name] = taken;
  }
  return names;
}

function takeText(
  { content, saved, isExecutable, owner }: TextNode,
  path: string,
  taking: Taking,
): ImageNode | undefined {
  const kept = saved?.();
  const index = taking.indexes.get(owner);
  if (kept !== undefined && index !== undefined) {
    const entry = entryOf(taking.packages[index]!).path;
    if (kept.startsWith(`${entry}/`)) return ["kept", index, kept.slice(entry.length + 1)];
  }
  const text = textOf(content());
  if (text === undefined) return undefined;
  if (text.includes(taking.root)) {
    // RECORD, which tells its hash, may have been taken before one that is further below.
    if (!taking.tops.has(path)) return undefined;
    taking.moving.push([hashAndSize(text), path]);
  }
  const needles: [string, ImagePiece][] = [[taking.root, { is: "root" }]];
  for (const [recorded, part] of taking.moving) if (part !== path) needles.push([recorded, { is: "content of", part }]);
  const pieces = piecesOf(text, needles).map((piece) => putAside(piece, taking.texts));
  return [isExecutable ? "executable text" : "text", ...pieces];
}

function putAside(piece: ImagePiece, texts: Taking["texts"]): ImagePiece {
  if (typeof piece !== "string" || piece.length < LONG) return piece;
  const start = texts.length;
  const bytes = Buffer.from(piece);
  texts.chunks.push(bytes);
  texts.length += bytes.length;
  return [start, texts.length];
}

function textOf(content: string | Uint8Array): string | undefined {
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

function piecesOf(text: string, needles: readonly (readonly [string, ImagePiece])[]): ImagePiece[] {
  let pieces: ImagePiece[] = [text];
  for (const [needle, piece] of needles)
    pieces = pieces.flatMap((each) =>
      typeof each === "string" ? each.split(needle).flatMap((part, at) => (at === 0 ? [part] : [piece, part])) : [each],
    );
  return pieces.filter((each) => each !== "");
}
