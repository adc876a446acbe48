import fs from "node:fs";
import path from "node:path";
import { importedModules, runOf, topOf } from "../../plugin-api/launch/imports.ts";
import { decodeScript } from "../../plugin-api/python/script-metadata.ts";
import type { Invocation } from "../../plugin-api/stages.ts";

/** What of a program can be read before it runs. */
export interface Program {
  /** First folder of its `sys.path`. */
  readonly folder: string;
  /** Modules that it imports in any case. */
  readonly imports: readonly string[];
  /** What stands for it among names that lack nothing, where it is a module itself. */
  readonly run?: string;
}

/** Undefined for what is not read: programs from standard input, archives, what leaves its folder out. */
export function programOf({ kind, target, cwd, pythonOptions }: Invocation): Program | undefined {
  if (pythonOptions.some((option) => /^-[a-zA-Z]*[ISPE]/.test(option))) return undefined;
  if (kind === "code") return { folder: cwd, imports: importedModules(target) };
  if (kind === "module") return { folder: cwd, imports: [target, `${target}.__main__`], run: runOf(target) };
  const named = path.resolve(cwd, target);
  const isFolder = kind === "script" && fs.statSync(named, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? path.join(named, "__main__.py") : named;
  if (kind !== "script" || !file.endsWith(".py")) return undefined;
  const text = textOf(file);
  return text === undefined
    ? undefined
    : { folder: path.dirname(fs.realpathSync(file)), imports: importedModules(text) };
}

/** More of a program's own modules than this are not read. */
const MOST_FILES = 200;

/** Top-level names that the program, or a module of its own folder that it imports, imports and nobody has. */
export function missingIn({ folder, imports }: Program, names: ReadonlySet<string>): readonly string[] {
  const missing = new Set<string>();
  const seen = new Set<string>();
  const open = imports.map((module) => ({ module, from: folder }));
  for (let next = open.pop(); next && seen.size < MOST_FILES; next = open.pop()) {
    const { module, from } = next;
    const top = topOf(module);
    if (top !== "" && !names.has(top)) missing.add(top);
    for (const file of filesOf(module, { folder, from })) {
      if (seen.has(file)) continue;
      seen.add(file);
      const text = textOf(file);
      for (const imported of importedModules(text ?? "")) open.push({ module: imported, from: path.dirname(file) });
    }
  }
  return [...missing].sort();
}

/** In a folder of more modules than this, none of those that the program does not import is looked into. */
const MOST_OWN = 100;

/** Names that any program of this folder may import without being looked at: not modules of the folder that lack something themselves. */
export function importable({ folder, run }: Program, names: ReadonlySet<string>): readonly string[] {
  const own = fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const [, name] = /^([A-Za-z_]\w*)\.py$/.exec(entry.name) ?? [];
    return name ?? (entry.isDirectory() ? entry.name : []);
  });
  const lacking = own
    .slice(0, MOST_OWN)
    .filter((name) => names.has(name) && missingIn({ folder, imports: [name] }, names).length > 0);
  return [...[...names].filter((name) => !lacking.includes(name)), ...(run === undefined ? [] : [run])];
}

/** The files of a module in the program's own folder, its packages first; `from` is the folder of who imports it. */
function filesOf(
  module: string,
  { folder, from }: { readonly folder: string; readonly from: string },
): readonly string[] {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  let at = dots === 0 ? folder : path.resolve(from, ...Array.from({ length: dots - 1 }, () => ".."));
  const files: string[] = [];
  for (const part of module.slice(dots).split(".").filter(Boolean)) {
    at = path.join(at, part);
    files.push(path.join(at, "__init__.py"), `${at}.py`);
  }
  return files.filter((file) => fs.existsSync(file));
}

function textOf(file: string): string | undefined {
  try {
    return decodeScript(fs.readFileSync(file));
  } catch {
    return undefined;
  }
}
