import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { readPathFile } from "../../plugin-api/python/path-file.ts";
import { type Editable, editableOf } from "./editable.ts";
import type { ImportFacts } from "./facts.ts";
import { statOf } from "./folders.ts";

/** `sys.path` as a program would find it, and what might change it that only Python can tell. */
export interface SearchPath {
  readonly entries: readonly string[];
  /** What setuptools' hooks add behind the entries. */
  readonly editables: readonly Editable[];
  readonly unfollowed: readonly StartupCode[];
}
/** A line that Python executes when it starts. */
export interface StartupCode {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly code: string;
}

export interface Searching {
  readonly facts: ImportFacts;
  readonly interpreter: Interpreter;
  /** Folder of the virtual environment; absent for the installation itself. */
  readonly root?: string;
  /** Without the packages of either: for an environment that is not made yet. */
  readonly hasNoPackages?: boolean;
  /** What stands first: the program's folder. Empty where Python is told to leave it out. */
  readonly first: readonly string[];
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What `site` makes of an environment (PEP 405, PEP 370), without starting Python. */
export function searchPathOf(searching: Searching): SearchPath {
  const { facts, env, cwd, first } = searching;
  const added = (env["PYTHONPATH"] ?? "").split(path.delimiter);
  const growing = new Growing(facts.readsHiddenPathFiles);
  if (env["PYTHONPATH"]) for (const folder of added) growing.add(path.resolve(cwd, folder));
  for (const folder of baseOf(searching)) growing.add(path.resolve(folder));
  for (const folder of siteFolders(searching)) if (isFolder(folder)) growing.addSite(folder);
  const { editables, unfollowed } = growing;
  return { entries: [...first, ...growing.entries], editables, unfollowed };
}

/** Python names its standard library by the folder that `pyvenv.cfg` says, which may lead to the installation by a link. */
function baseOf({ root, interpreter, facts }: Searching): readonly string[] {
  const home = root === undefined ? undefined : configOf(root).get("home");
  if (home === undefined || path.basename(home) !== "bin") return facts.path;
  const named = path.dirname(home);
  if (named === interpreter.basePrefix || realOf(named) !== realOf(interpreter.basePrefix)) return facts.path;
  const below = `${interpreter.basePrefix}${path.sep}`;
  return facts.path.map((entry) => (entry.startsWith(below) ? path.join(named, entry.slice(below.length)) : entry));
}

/** The folders whose `.pth` files are read, in the order of `site.main`. */
function siteFolders({ facts, root, hasNoPackages, env, home }: Searching): readonly string[] {
  if (hasNoPackages) return [];
  const own = root === undefined ? [] : facts.sitePackages.virtual.map((folder) => path.join(root, folder));
  if (root !== undefined && configOf(root).get("include-system-site-packages")?.toLowerCase() !== "true") return own;
  const base = env["PYTHONUSERBASE"] ? path.resolve(env["PYTHONUSERBASE"]) : path.join(home, facts.userSite.base);
  const user = env["PYTHONNOUSERSITE"] ? [] : [path.join(base, facts.userSite.path)];
  return [...own, ...user, ...facts.sitePackages.host];
}

function configOf(root: string): ReadonlyMap<string, string> {
  const text = readText(path.join(root, "pyvenv.cfg")) ?? "";
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf("=");
      return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const];
    }),
  );
}

/** What PyBun itself writes for an environment that is laid over another one, and others by hand. */
const ADDS_FOLDER = /^import site; ?site\.addsitedir\((["'])((?:[^"'\\]|\\U[0-9a-f]{8})*)\1\)$/;

/** `sys.path` while `site` works on it: it takes what is there only once. */
class Growing {
  readonly entries: string[] = [];
  readonly editables: Editable[] = [];
  readonly unfollowed: StartupCode[] = [];
  readonly #known = new Set<string>();
  readonly #read = new Set<string>();
  readonly #readsHidden: boolean;

  constructor(readsHidden: boolean) {
    this.#readsHidden = readsHidden;
  }

  add(folder: string): void {
    if (this.#known.has(folder)) return;
    this.#known.add(folder);
    this.entries.push(folder);
  }

  /** As `site.addsitedir`. */
  addSite(folder: string): void {
    this.add(folder);
    if (this.#read.has(folder)) return;
    this.#read.add(folder);
    const names = namesIn(folder).filter((name) => name.endsWith(".pth"));
    for (const name of names.sort()) if (this.#readsHidden || !name.startsWith(".")) this.#addFile(folder, name);
  }

  #addFile(folder: string, name: string): void {
    const file = path.join(folder, name);
    const text = readText(file);
    if (text === undefined) return;
    const { executed, folders } = readPathFile(text);
    const lines = [
      ...executed.map((line) => ({ ...line, isCode: true })),
      ...folders.map((line) => ({ ...line, isCode: false })),
    ];
    for (const { number, text: line, isCode } of lines.sort((a, b) => a.number - b.number)) {
      const adds = isCode ? ADDS_FOLDER.exec(line)?.[2] : undefined;
      const editable = isCode ? editableOf(line, folder) : undefined;
      if (adds !== undefined) this.addSite(path.resolve(unescaped(adds)));
      else if (editable) this.editables.push(editable);
      else if (isCode) this.unfollowed.push({ file, line: number, code: line });
      else {
        const added = path.resolve(folder, line);
        if (fs.existsSync(added)) this.add(added);
      }
    }
  }
}

const unescaped = (text: string): string =>
  text.replace(/\\U([0-9a-f]{8})/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));

const isFolder = (folder: string): boolean => statOf(folder)?.isDirectory() ?? false;

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function realOf(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch {
    return folder;
  }
}
