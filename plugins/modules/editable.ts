import fs from "node:fs";
import type { Suffixes } from "./facts.ts";
import { statOf } from "./folders.ts";
import type { Spec } from "./place.ts";

/** What setuptools' import hook for a project in editable mode adds, read from the module it wrote for that. */
export interface Editable {
  /** Module to its folder, or to its file without the ending. */
  readonly mapping: ReadonlyMap<string, string>;
  /** Namespace package to its folders, which may be none. */
  readonly namespaces: ReadonlyMap<string, readonly string[]>;
}

/** The line of a `.pth` file that installs such a hook. */
const INSTALLS = /^import (__editable___\w+_finder); ?\1\.install\(\)$/;

/** Undefined for another line, and for a hook that is not of the form that is known. */
export function editableOf(line: string, folder: string): Editable | undefined {
  const module = INSTALLS.exec(line)?.[1];
  if (module === undefined) return undefined;
  try {
    const text = fs.readFileSync(`${folder}/${module}.py`, "utf8");
    const mapping = literalOf("MAPPING", text) as Readonly<Record<string, string>>;
    const namespaces = literalOf("NAMESPACES", text) as Readonly<Record<string, readonly string[]>>;
    return { mapping: new Map(Object.entries(mapping)), namespaces: new Map(Object.entries(namespaces)) };
  } catch {
    return undefined;
  }
}

/** The value of a dict on one line, of texts and lists of texts as Python's `repr` writes them. Throws what JSON.parse throws. */
function literalOf(name: string, text: string): unknown {
  const [, literal = ""] = new RegExp(`^${name}(?:: [^=]+)? = (\\{.*\\})$`, "m").exec(text) ?? [];
  const json = literal.replace(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g, (_, single?: string, double?: string) =>
    JSON.stringify(unescaped(single ?? double ?? "")),
  );
  return JSON.parse(json);
}

const CODE = /\\(?:(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})|(.))/g;
const unescaped = (text: string): string =>
  text.replace(
    CODE,
    (_, code?: string, plain?: string) => plain ?? String.fromCodePoint(Number.parseInt(code?.slice(1) ?? "", 16)),
  );

/** What the hook answers, which Python asks last: its order of endings is another than that of folders. */
export function editableSpec(module: string, editables: readonly Editable[], suffixes: Suffixes): Spec | undefined {
  const base = editables.map(({ mapping }) => mapping.get(module)).find((found) => found !== undefined);
  if (base === undefined) return undefined;
  const init = `${base}/__init__.py`;
  if (statOf(init)) return { type: "package", path: init, locations: [base] };
  const { source, bytecode, extension } = suffixes;
  const suffix = [...source, ...bytecode, ...extension].find((ending) => statOf(base + ending));
  if (suffix === undefined) return undefined;
  return { type: extension.includes(suffix) ? "extension" : "module", path: base + suffix, locations: [] };
}

/** Folders of a namespace package, which count after those of the search path; undefined where it is none of theirs. */
export function namespacePortions(module: string, editables: readonly Editable[]): readonly string[] | undefined {
  const portions = editables.flatMap(({ namespaces, mapping }) => {
    const folders = namespaces.get(module);
    if (!folders) return [];
    const mapped = mapping.get(module);
    return folders.length > 0 || mapped === undefined ? [folders] : [[mapped]];
  });
  return portions.length === 0 ? undefined : portions.flat();
}

/** What may stand behind a prefix: `inner` behind `space.` for `space.inner` and `space.inner.deep`. */
export function editableTails(prefix: string, editables: readonly Editable[]): readonly string[] {
  const names = editables.flatMap(({ mapping, namespaces }) => [...mapping.keys(), ...namespaces.keys()]);
  const below = names.filter((name) => name.startsWith(prefix) && name.length > prefix.length);
  return below.map((name) => name.slice(prefix.length).split(".")[0] as string);
}
