import type { EnvironmentImage, ImageEntry, ImageNode } from "../../plugin-api/environment-image.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { StampNote } from "../../plugin-api/system/environment-change.ts";
import type { Goal } from "./assemble.ts";
import { keptText } from "./kept-text.ts";
import type { Building } from "./materialize.ts";
import type { Package } from "./packages.ts";
import type { Difference, Folder, Names, Node, Owner, TextNode, WholeNode } from "./tree.ts";

/** What decides what is in an environment. */
interface Content extends Pick<Taken, "goal" | "building"> {
  /** Of this program's source: another one may write something else. */
  readonly commit: string;
}

/** Name of the image of an environment of this content, wherever it lies. */
export function imageName({ goal, building, commit }: Content): string {
  const { interpreter, layout, platform, packages } = goal;
  const wishes = packages.map(({ tree, name, isRequested, directUrl, dependencies, treatment }) => [
    tree,
    name,
    isRequested,
    directUrl,
    treatment,
    ...dependencies,
  ]);
  const { mode, isAutomatic } = building;
  return sha256Of(JSON.stringify([commit, interpreter, layout, platform, mode, isAutomatic, wishes])).slice(0, 32);
}

/** What an image is taken of. */
export interface Taken {
  readonly goal: Omit<Goal, "disk">;
  readonly parts: readonly Difference[];
  readonly building: Building;
  /** See `Builder.namesIn`. */
  readonly namesIn: (node: WholeNode) => Names | undefined;
  readonly stamp: StampNote["stamp"];
}

/** The image of an environment that was just made whole; undefined where it holds something that can't be told. */
export function imageOf({ goal, parts, building, namesIn, stamp }: Taken): EnvironmentImage | undefined {
  const { root, interpreter, layout, packages } = goal;
  const taking: Taking = { root, packages, namesIn, indexes: new Map(packages.map((pkg, index) => [pkg, index])) };
  const nodes: Record<string, ImageNode> = {};
  for (const { path, node } of parts) {
    const taken = node && takeNode(node, taking);
    if (taken === undefined) return undefined;
    nodes[path] = taken;
  }
  const { plan: _plan, lockSha256: _lock, commands = {}, ...said } = stamp;
  const { mode, isAutomatic } = building;
  return {
    format: 1,
    interpreter,
    site: layout.site,
    mode,
    isAutomatic,
    stamp: said,
    commands: Object.keys(commands),
    entries: packages.map(entryOf),
    parts: nodes,
  };
}

const entryOf = ({ tree, layout }: Package): ImageEntry => ({
  path: tree.slice(0, -"/tree".length),
  linkedFolders: layout.linkedFolders,
});

interface Taking extends Pick<Taken, "namesIn"> {
  readonly root: string;
  readonly packages: readonly Package[];
  readonly indexes: ReadonlyMap<Owner, number>;
}

function takeNode(node: Node, taking: Taking): ImageNode | undefined {
  switch (node.kind) {
    case "folder":
      return takeFolder(node, taking);
    case "text":
      return takeText(node, taking);
    case "standing":
      return undefined;
    default: {
      const index = taking.indexes.get(node.owner);
      const start = index === undefined ? "" : taking.packages[index]!.tree.slice(0, -"tree".length);
      if (index === undefined || !node.source.startsWith(start)) return undefined;
      const place = [index, node.source.slice(start.length)] as const;
      if (node.kind === "whole" && node.isLinked) return node.isCopied ? undefined : ["tree", ...place];
      const what = node.kind === "whole" ? "files" : "file";
      const names = node.kind === "whole" ? taking.namesIn(node) : undefined;
      if (names !== undefined && !node.isCopied) return ["files", ...place, names.folders, names.files];
      return [node.isCopied ? (`copied ${what}` as const) : what, ...place];
    }
  }
}

function takeFolder({ slots }: Folder, taking: Taking): ImageNode | undefined {
  const names: Record<string, ImageNode> = {};
  for (const { name, now } of slots?.values() ?? []) {
    if (now === undefined) continue;
    const taken = takeNode(now, taking);
    if (taken === undefined) return undefined;
    names[name] = taken;
  }
  return names;
}

function takeText({ content, saved, isExecutable, owner }: TextNode, taking: Taking): ImageNode | undefined {
  const place = saved?.();
  const kept = place && keptText(place);
  const index = taking.indexes.get(owner);
  if (kept !== undefined && index !== undefined) {
    const entry = entryOf(taking.packages[index]!).path;
    if (kept.startsWith(`${entry}/`)) return ["kept", index, kept.slice(entry.length + 1)];
  }
  const text = textOf(content());
  if (text === undefined) return undefined;
  const pieces = text.split(taking.root).flatMap((piece, at) => (at === 0 ? [piece] : [null, piece]));
  return [isExecutable ? "executable text" : "text", ...pieces];
}

function textOf(content: string | Uint8Array): string | undefined {
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}
