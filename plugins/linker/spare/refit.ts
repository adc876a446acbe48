import fs from "node:fs";
import { removeTree } from "../../../plugin-api/system/remove-tree.ts";
import type { Folder, Node, StandingNode } from "../tree.ts";

/** What there is to do in a folder so that it is as another one is to be. */
export interface Wanted {
  /** What stays of the other one. */
  readonly names: Names;
  /** What is new; relative to the folder. */
  readonly built: readonly (readonly [place: string, node: Exclude<Node, StandingNode>])[];
}

/** Undefined where something that stays is not there any more. */
export function wantedOf(folder: Folder, now: Names): Wanted | undefined {
  const built: [string, Exclude<Node, StandingNode>][] = [];
  const names = staying(folder, now, { below: "", built });
  return names && { names, built };
}

/** A listing without what it says of the folders themselves. */
export interface Names {
  readonly files: ReadonlyMap<string, number>;
  readonly folders: ReadonlyMap<string, Names>;
}

interface Below {
  readonly below: string;
  readonly built: [string, Exclude<Node, StandingNode>][];
}

function staying({ slots }: Folder, now: Names, { below, built }: Below): Names | undefined {
  if (slots === undefined) return now;
  const files = new Map<string, number>();
  const folders = new Map<string, Names>();
  for (const { name, now: node } of slots.values()) {
    if (node?.kind === "standing") {
      const inode = now.files.get(name);
      if (inode === undefined) return undefined;
      files.set(name, inode);
    } else if (node?.kind === "folder" && node.disk !== undefined) {
      const there = now.folders.get(name);
      const inner = there && staying(node, there, { below: `${below}${name}/`, built });
      if (inner === undefined) return undefined;
      folders.set(name, inner);
    } else if (node !== undefined) built.push([below + name, node]);
  }
  return { files, folders };
}

/** Between two folders that are nearly the same. */
export interface Refitting {
  /** How it is, and how it is to be. */
  readonly has: Names;
  readonly wants: Names;
  /** Absolute: the folder that links lead to the content of, and the one that is changed. */
  readonly source: string;
  readonly target: string;
  /** Two that are known to have the same in them: where it is these two, there is nothing to do. */
  readonly equal?: Pick<Refitting, "has" | "wants"> | undefined;
}

/** So many calls at most: beyond that it is no gain. */
const MOST_CALLS = 400;

/** Makes one folder equal to another one: the same names for the same files. Throws system errors, and where that is too much to do. */
export function refit(refitting: Refitting): void {
  refitFolder(refitting, { calls: 0 });
}

function refitFolder({ has, wants, source, target, equal }: Refitting, done: { calls: number }): void {
  if (has === equal?.has && wants === equal.wants) return;
  const take = (): void => {
    if (++done.calls > MOST_CALLS) throw new Error("too much is different");
  };
  for (const [name, inode] of has.files) {
    if (wants.files.get(name) === inode) continue;
    take();
    fs.unlinkSync(`${target}/${name}`);
  }
  for (const name of has.folders.keys()) {
    if (wants.folders.has(name)) continue;
    take();
    removeTree(`${target}/${name}`);
  }
  for (const [name, inode] of wants.files) {
    if (has.files.get(name) === inode) continue;
    take();
    // A link itself, too, and not what it leads to.
    fs.linkSync(`${source}/${name}`, `${target}/${name}`);
  }
  for (const [name, inner] of wants.folders) {
    const there = has.folders.get(name);
    if (there === undefined) {
      take();
      fs.mkdirSync(`${target}/${name}`);
    }
    const within = { source: `${source}/${name}`, target: `${target}/${name}` };
    refitFolder({ has: there ?? NOTHING, wants: inner, ...within, equal: equalIn(equal, name) }, done);
  }
}

function equalIn(equal: Refitting["equal"], name: string): Refitting["equal"] {
  const [has, wants] = [equal?.has.folders.get(name), equal?.wants.folders.get(name)];
  return has && wants && { has, wants };
}

const NOTHING: Names = { files: new Map(), folders: new Map() };
