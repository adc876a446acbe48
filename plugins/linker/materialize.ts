import fs from "node:fs";
import type { Treating } from "./treatment.ts";
import {
  type FileNode,
  type Folder,
  type LinkNode,
  type Node,
  SHARED_MARK,
  SHARED_TEXT,
  type TextNode,
} from "./tree.ts";

/** Puts nodes on the disk, each in the best way that works there, and remembers what did not (SPEC LNK-01). */
export interface Builder {
  /** Makes `node` at `target`, which must not exist. */
  build(node: Exclude<Node, { readonly kind: "standing" }>, target: string): void;
  /** How package files really were put in, and why otherwise than asked: system error codes with their number of files. */
  readonly outcome: Outcome;
}
export interface Outcome {
  mode: Treating["mode"];
  readonly fallbacks: Map<string, number>;
}

type Way = "clone" | "hardlink" | "copy";

/** `isAutomatic`: nobody asked for this very mode, so a hard link may stand in for a clone. */
export function builderFor(mode: Treating["mode"], isAutomatic: boolean): Builder {
  const outcome: Outcome = { mode, fallbacks: new Map() };
  const state: State = {
    outcome,
    ways: waysFor(mode, isAutomatic),
    hasLinks: mode === "tree",
    isAutomatic,
    umask: process.umask(),
  };
  return { outcome, build: (node, target) => build(node, target, state) };
}

interface State {
  readonly outcome: Outcome;
  /** Ways to bring a file, best first; one that can't work here is taken out. */
  ways: readonly Way[];
  hasLinks: boolean;
  readonly isAutomatic: boolean;
  readonly umask: number;
}

function waysFor(mode: Treating["mode"], isAutomatic: boolean): readonly Way[] {
  if (mode === "copy") return ["copy"];
  if (mode === "clone") return isAutomatic ? ["clone", "hardlink", "copy"] : ["clone", "copy"];
  return ["hardlink", "copy"];
}

function build(node: Exclude<Node, { readonly kind: "standing" }>, target: string, state: State): void {
  if (node.kind === "folder") buildFolder(node, target, state);
  else if (node.kind === "file") buildFile(node, target, state);
  else if (node.kind === "text") buildText(node, target);
  else buildLink(node, target, state);
}

function buildFolder(folder: Folder, target: string, state: State): void {
  fs.mkdirSync(target);
  let hasLinks = false;
  for (const { name, now } of folder.slots?.values() ?? []) {
    if (now === undefined || now.kind === "standing") continue;
    build(now, `${target}/${name}`, state);
    hasLinks ||= now.kind === "link";
  }
  if (hasLinks) fs.writeFileSync(`${target}/${SHARED_MARK}`, SHARED_TEXT);
}

const buildText = ({ content, isExecutable }: TextNode, target: string): void =>
  fs.writeFileSync(target, content(), { mode: isExecutable ? 0o777 : 0o666, flag: "wx" });

/** No links here: the folder's content is put in as files. */
function buildLink({ target: source, owner }: LinkNode, target: string, state: State): void {
  if (state.hasLinks) {
    try {
      fs.symlinkSync(source, target);
      return;
    } catch (error) {
      const code = codeOf(error);
      if (!MISSING.has(code)) throw error;
      state.hasLinks = false;
      state.outcome.mode = "clone";
      state.ways = waysFor("clone", state.isAutomatic);
    }
  }
  buildFolderFrom(source, target, { owner, state });
}

function buildFolderFrom(
  source: string,
  target: string,
  from: { readonly owner: LinkNode["owner"]; readonly state: State },
): void {
  fs.mkdirSync(target);
  for (const entry of fs.readdirSync(source, { withFileTypes: true })) {
    const [file, place] = [`${source}/${entry.name}`, `${target}/${entry.name}`];
    if (entry.isDirectory()) buildFolderFrom(file, place, from);
    else buildFile({ kind: "file", source: file, owner: from.owner, isCopied: false }, place, from.state);
  }
}

/** A way that these errors answer is not to be had here; `EMLINK` is about one file only. */
const MISSING = new Set(["EXDEV", "EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL", "ENOTTY", "UNKNOWN"]);

function buildFile({ source, isCopied }: FileNode, target: string, state: State): void {
  if (isCopied) {
    bring("copy", source, { target, state });
    return;
  }
  const [first] = state.ways;
  for (const way of state.ways) {
    try {
      bring(way, source, { target, state });
      return;
    } catch (error) {
      const code = codeOf(error);
      if (way === "copy" || !(code === "EMLINK" || MISSING.has(code))) throw error;
      state.outcome.fallbacks.set(code, (state.outcome.fallbacks.get(code) ?? 0) + 1);
      if (code !== "EMLINK") state.ways = state.ways.filter((each) => each !== way);
      if (way === first && state.outcome.mode !== "tree") state.outcome.mode = state.ways[0] ?? "copy";
    }
  }
}

function bring(way: Way, source: string, { target, state }: { readonly target: string; readonly state: State }): void {
  if (way === "hardlink") {
    fs.linkSync(source, target);
    return;
  }
  const { COPYFILE_FICLONE, COPYFILE_FICLONE_FORCE, COPYFILE_EXCL } = fs.constants;
  fs.copyFileSync(source, target, COPYFILE_EXCL | (way === "clone" ? COPYFILE_FICLONE_FORCE : COPYFILE_FICLONE));
  // The store's files are read-only; these belong to the environment.
  const isExecutable = (fs.statSync(source).mode & 0o111) !== 0;
  fs.chmodSync(target, (isExecutable ? 0o777 : 0o666) & ~state.umask);
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "";
