import fs from "node:fs";
import { SHARED_MARK, SHARED_TEXT } from "../../plugin-api/model/store-layout.ts";
import { keepBytecode, tieToModule } from "./kept-bytecode.ts";
import { keptLinkFor, placeLink } from "./kept-link.ts";
import { keptName, keptText, lastNames, type Names } from "./kept-text.ts";
import type { Linking } from "./native.ts";
import type { Treating } from "./treatment.ts";
import {
  type FileNode,
  type Folder,
  type Node,
  type Names as NodeNames,
  type TextNode,
  type WholeNode,
} from "./tree.ts";

/** Puts nodes on the disk, each in the best way that works there, and remembers what did not (SPEC LNK-01). */
export interface Builder {
  /** Makes `node` at `target`, which must not exist. */
  build(node: Exclude<Node, { readonly kind: "standing" }>, target: string): void;
  /** How package files really were put in, and why otherwise than asked: system error codes with their number of files. */
  readonly outcome: Outcome;
  /** What was linked file by file, to be linked faster the next time. */
  readonly namesIn: (node: WholeNode) => NodeNames | undefined;
}
export interface Outcome {
  mode: Treating["mode"];
  readonly fallbacks: Map<string, number>;
}

type Way = "clone" | "hardlink" | "copy";

/** How to build, and for which interpreter. */
export interface Building {
  readonly mode: Treating["mode"];
  /** Nobody asked for this very mode, so a hard link may stand in for a clone. */
  readonly isAutomatic: boolean;
  /** Of the interpreter: `cpython-312`. */
  readonly cacheTag: string;
}

export function builderFor({ mode, isAutomatic, cacheTag }: Building): Builder {
  const outcome: Outcome = { mode, fallbacks: new Map() };
  const state: State = {
    outcome,
    ways: waysFor(mode, isAutomatic),
    hasLinks: mode === "tree",
    isAutomatic,
    cacheTag,
    umask: process.umask(),
    kept: lastNames(),
    linked: new Map(),
  };
  return {
    outcome,
    build: (node, target) => build(node, target, state),
    namesIn: (node) => state.linked.get(node)?.names(),
  };
}

interface State {
  readonly outcome: Outcome;
  /** Ways to bring a file, best first; one that can't work here is taken out. */
  ways: readonly Way[];
  hasLinks: boolean;
  readonly isAutomatic: boolean;
  readonly cacheTag: string;
  readonly umask: number;
  readonly kept: Names;
  readonly linked: Map<WholeNode, Linked>;
}

function waysFor(mode: Treating["mode"], isAutomatic: boolean): readonly Way[] {
  if (mode === "copy") return ["copy"];
  if (mode === "clone") return isAutomatic ? ["clone", "hardlink", "copy"] : ["clone", "copy"];
  return ["hardlink", "copy"];
}

function build(node: Exclude<Node, { readonly kind: "standing" }>, target: string, state: State): void {
  if (node.kind === "folder") buildFolder(node, target, state);
  else if (node.kind === "file") buildFile(node, target, state);
  else if (node.kind === "text") buildText(node, target, state);
  else buildWhole(node, target, state);
}

function buildFolder(folder: Folder, target: string, state: State): void {
  fs.mkdirSync(target);
  let hasLinks = false;
  for (const { name, now } of folder.slots?.values() ?? []) {
    if (now === undefined || now.kind === "standing") continue;
    build(now, `${target}/${name}`, state);
    hasLinks ||= now.kind === "whole" && now.isLinked;
  }
  if (hasLinks && !folder.isItsOwners) fs.writeFileSync(`${target}/${SHARED_MARK}`, SHARED_TEXT);
}

function buildText({ content, isExecutable, saved }: TextNode, target: string, { kept }: State): void {
  const place = saved?.();
  if (place === undefined) {
    fs.writeFileSync(target, content(), { mode: isExecutable ? 0o777 : 0o666, flag: "wx" });
    return;
  }
  try {
    fs.linkSync(keptText(place, kept) ?? place, target);
  } catch {
    const text = content();
    fs.writeFileSync(target, text, { mode: 0o444, flag: "wx" });
    keep(target, keptName(place, text));
  }
}

/** Worth a try: the store may be read-only, or elsewhere. */
function keep(file: string, kept: string): void {
  try {
    fs.linkSync(file, kept);
  } catch {}
}

function buildWhole(node: WholeNode, target: string, state: State): void {
  const { source, owner, isLinked, isCopied } = node;
  if (isLinked && buildLink(node, target, state)) return;
  if (isCopied || state.ways[0] !== "hardlink")
    return buildFiles({ source, target, below: "" }, { owner, isCopied, state });
  const linked = takingDown();
  buildFiles({ source, target, below: "" }, { owner, isCopied, state, linked });
  state.linked.set(node, linked);
}

/** Who asked for hard links alone gets no bytecode (see `buildBytecode`). */
export const usesBytecode = ({ mode, isAutomatic }: Building): boolean => mode !== "hardlink" || isAutomatic;

const isOfHardLinks = ({ ways, isAutomatic }: State): boolean => ways[0] === "hardlink" && !isAutomatic;

/** What is linked file by file. */
interface Linked {
  readonly add: (name: string, kind: "folders" | "files") => void;
  /** `kept`: absolute, what it is another name of; undefined for a copy. */
  readonly addBytecode: (name: string, kept: string | undefined) => void;
  readonly names: () => NodeNames | undefined;
}

function takingDown(): Linked {
  const lines: Record<"folders" | "files", string[]> = { folders: [], files: [] };
  const bytecode: [kept: string, name: string][] = [];
  let isTellable = true;
  const add = (name: string, kind: "folders" | "files"): void => {
    if (name.includes("\n")) isTellable = false;
    lines[kind].push(name);
  };
  const textOf = (names: readonly string[]): string => names.map((name) => `${name}\n`).join("");
  return {
    add,
    addBytecode(name, kept) {
      if (kept === undefined) isTellable = false;
      else bytecode.push([kept, name]);
    },
    names: () => (isTellable ? { folders: textOf(lines.folders), files: textOf(lines.files), bytecode } : undefined),
  };
}

/** False where there are no links: the folder's content is then put in as files. */
function buildLink(node: WholeNode, target: string, state: State): boolean {
  if (!state.hasLinks) return false;
  try {
    placeLink(node.source, target, keptLinkFor(node));
    return true;
  } catch (error) {
    if (!MISSING.has(codeOf(error))) throw error;
    state.hasLinks = false;
    state.outcome.mode = "clone";
    state.ways = waysFor("clone", state.isAutomatic);
    return false;
  }
}

interface Files {
  readonly owner: WholeNode["owner"];
  readonly isCopied: boolean;
  readonly state: State;
  readonly linked?: Linked;
}

interface Place extends Linking {
  /** Where it is in the whole, empty or with a slash at its end. */
  readonly below: string;
}

function buildFiles({ source, target, below }: Place, files: Files): void {
  const entries = fs.readdirSync(source, { withFileTypes: true });
  fs.mkdirSync(target);
  for (const entry of entries) {
    const { name } = entry;
    const [from, to] = [`${source}/${name}`, `${target}/${name}`];
    if (!entry.isDirectory()) {
      buildFile({ kind: "file", source: from, ...files }, to, files.state);
      files.linked?.add(below + name, "files");
    } else if (name === "__pycache__") buildBytecode({ source: from, target: to, below: `${below}${name}/` }, files);
    else {
      files.linked?.add(below + name, "folders");
      buildFiles({ source: from, target: to, below: `${below}${name}/` }, files);
    }
  }
}

/**
 * Only what this interpreter can use: another one's would outlive the module when pip removes it. Who asked for links alone lets
 * Python compile, as with other installers.
 */
function buildBytecode({ source, target, below }: Place, { owner, isCopied, state, linked }: Files): void {
  if (isOfHardLinks(state) && !isCopied) return;
  const tag = `.${state.cacheTag}.`;
  const names = fs.readdirSync(source).filter((name) => name.includes(tag) && name.endsWith(".pyc"));
  if (names.length === 0) return;
  fs.mkdirSync(target);
  linked?.add(below.slice(0, -1), "folders");
  for (const name of names) {
    const node = { kind: "file", source: `${source}/${name}`, owner, isCopied } as const;
    const kept = buildFile(node, `${target}/${name}`, state);
    linked?.addBytecode(below + name, kept);
  }
}

/** A way that these errors answer is not to be had here; `EMLINK` is about one file only. */
const MISSING = new Set(["EXDEV", "EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL", "ENOTTY", "UNKNOWN"]);

/** What it is another name of, if it is. */
function buildFile({ source, owner, isCopied }: FileNode, target: string, state: State): string | undefined {
  if (isCopied) {
    bring("copy", source, { target, state });
    return undefined;
  }
  const [first] = state.ways;
  const isBytecode = source.endsWith(".pyc");
  for (const way of state.ways) {
    const linked =
      way !== "hardlink" ? undefined : isBytecode ? keepBytecode({ source, owner, target }, state.cacheTag) : source;
    if (way === "hardlink" && linked === undefined) continue;
    try {
      bring(way, linked ?? source, { target, state });
      return linked;
    } catch (error) {
      const code = codeOf(error);
      if (way === "copy" || !(code === "EMLINK" || MISSING.has(code))) throw error;
      state.outcome.fallbacks.set(code, (state.outcome.fallbacks.get(code) ?? 0) + 1);
      if (code !== "EMLINK") state.ways = state.ways.filter((each) => each !== way);
      if (way === first && state.outcome.mode !== "tree") state.outcome.mode = state.ways[0] ?? "copy";
    }
  }
  return undefined;
}

function bring(way: Way, source: string, { target, state }: { readonly target: string; readonly state: State }): void {
  if (way === "hardlink") {
    fs.linkSync(source, target);
    return;
  }
  const { COPYFILE_FICLONE, COPYFILE_FICLONE_FORCE, COPYFILE_EXCL } = fs.constants;
  fs.copyFileSync(source, target, COPYFILE_EXCL | (way === "clone" ? COPYFILE_FICLONE_FORCE : COPYFILE_FICLONE));
  // The store's files are read-only; these belong to the environment.
  const { mode, atime, mtime } = fs.statSync(source);
  fs.chmodSync(target, ((mode & 0o111) === 0 ? 0o666 : 0o777) & ~state.umask);
  if (source.endsWith(".py")) fs.utimesSync(target, atime, mtime);
  else if (source.endsWith(".pyc")) tieToModule(source, target);
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "";
