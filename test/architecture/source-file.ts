import fs from "node:fs";
import path from "node:path";
import { filesBelow } from "../harness/files.ts";
import { type Token, tokenize } from "./lexer.ts";

/** A file of the repository, read once; rules look at lists of these, so that a test can hand them broken ones. */
export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly imports: readonly Import[];
}

export interface Import {
  /** Repository path of a file, or the bare name of a module such as `node:fs` or `tapable`. */
  readonly target: string;
  /** Named by its path rather than as a module. */
  readonly isFile: boolean;
  readonly line: number;
  /** `static` runs with its importer, `dynamic` when it is called, `type` never. */
  readonly when: "static" | "dynamic" | "type";
  readonly isReexport: boolean;
}

export const sourceFile = (file: string, text: string): SourceFile => {
  const tokens = /\.[mc]?tsx?$/.test(file) ? tokenize(text) : [];
  return { path: file, text, tokens, imports: importsOf(file, tokens) };
};

export const isTest = (file: SourceFile): boolean => /\.(test|fixture)\.ts$|^test\//.test(file.path);
export const isProduct = (file: SourceFile): boolean =>
  /^(kernel|plugin-api|plugins|presets)\/.*\.ts$/.test(file.path) && !isTest(file);
export const lineCount = (file: SourceFile): number => file.text.replace(/\n$/, "").split("\n").length;
/** The plugin's folder name, or undefined for files outside of plugins. */
export const pluginOf = (file: string): string | undefined => /^plugins\/([^/]+)\//.exec(file)?.[1];

const TEXT_FILES = /\.(ts|py|md|json|toml|txt|sh|yml|yaml|css)$/;

export const readSources = (root: string, folders: readonly string[]): SourceFile[] =>
  folders.flatMap((folder) =>
    filesBelow(root, folder, (file) => TEXT_FILES.test(file)).map((file) =>
      sourceFile(file, fs.readFileSync(path.join(root, file), "utf8")),
    ),
  );

const CLAUSE = /\b(import|export)\b((?:\s+type\b)?)[^;"'`]*?(?:\bfrom\s*)?$/;
const DYNAMIC = /\bimport\s*\(\s*$/;

function importsOf(file: string, tokens: readonly Token[]): Import[] {
  const code = tokens.filter((token) => token.kind !== "comment");
  return code.flatMap((token, index) => {
    if (token.kind !== "string") return [];
    const before = code[index - 1]?.text ?? "";
    const after = code[index + 1]?.text ?? "";
    const found = DYNAMIC.test(before) ? dynamicKind(after) : (workerKind(after) ?? staticKind(before));
    return found === undefined ? [] : [{ ...found, ...resolve(file, token.text), line: token.line }];
  });
}

/** `import("./x.ts").Type` in a type position names a type and loads nothing. */
const dynamicKind = (after: string): Pick<Import, "when" | "isReexport"> => ({
  when: /^\s*\)\s*\.\s*[A-Z]/.test(after) ? "type" : "dynamic",
  isReexport: false,
});

/** `new URL("./worker.ts", import.meta.url)`, perhaps behind a condition: a second entry, loaded when it is started. */
const workerKind = (after: string): Pick<Import, "when" | "isReexport"> | undefined =>
  /^\s*,\s*import\.meta\.url/.test(after) ? { when: "dynamic", isReexport: false } : undefined;

function staticKind(before: string): Pick<Import, "when" | "isReexport"> | undefined {
  const clause = CLAUSE.exec(before);
  if (clause === null || !/\bfrom\s*$|\bimport\s*$/.test(before)) return undefined;
  return { when: clause[2] === "" ? "static" : "type", isReexport: clause[1] === "export" };
}

const resolve = (file: string, specifier: string): Pick<Import, "target" | "isFile"> =>
  specifier.startsWith(".")
    ? { target: path.posix.join(path.posix.dirname(file), specifier), isFile: true }
    : { target: specifier, isFile: false };
