import fs from "node:fs";

/** One import, as `python/imports.py` recorded it; times in nanoseconds. */
interface Row {
  readonly name: string;
  /** Index of the module that was being imported then. */
  readonly parent: number | null;
  readonly importer: readonly [module: string | null, file: string, line: number] | null;
  readonly path: string | null;
  readonly begin_ns: number;
  readonly took_ns: number;
  readonly inner_ns: number;
  readonly find_ns: number;
  readonly load_ns: number;
  readonly compile_ns: number;
  readonly is_main_thread: boolean;
  readonly is_failed: boolean;
}

/** What a process imported, in the order it began. */
export interface ImportRecord {
  readonly python: string;
  /** From the start of the program to its end. */
  readonly wallMs: number;
  /** Of all imports of the main thread. */
  readonly importsMs: number;
  readonly imports: readonly Imported[];
}
export interface Imported {
  readonly module: string;
  readonly parent: number | null;
  readonly importer: { readonly module: string | null; readonly file: string; readonly line: number } | null;
  readonly path: string | null;
  readonly startMs: number;
  /** With all that it imported for the first time. */
  readonly totalMs: number;
  readonly selfMs: number;
  /** To find the file. */
  readonly findMs: number;
  /** To read its code, or to map an extension. */
  readonly loadMs: number;
  /** To compile it, where there was no bytecode that could be used. */
  readonly compileMs: number;
  readonly isFailed: boolean;
  readonly isMainThread: boolean;
}

/** Undefined where the process did not come to its end, or was no Python. */
export function readImportRecord(file: string): ImportRecord | undefined {
  let said: { readonly python: string; readonly total_ns: number; readonly modules: readonly Row[] };
  try {
    said = JSON.parse(fs.readFileSync(file, "utf8")) as typeof said;
  } catch {
    return undefined;
  }
  const imports = said.modules.map(importedOf);
  const top = imports.filter(({ parent, isMainThread }) => parent === null && isMainThread);
  return {
    python: said.python,
    wallMs: ms(said.total_ns),
    importsMs: rounded(top.reduce((sum, { totalMs }) => sum + totalMs, 0)),
    imports,
  };
}

function importedOf(row: Row): Imported {
  const [module, file, line] = row.importer ?? [null, "", 0];
  return {
    module: row.name,
    parent: row.parent,
    importer: row.importer ? { module, file, line } : null,
    path: row.path,
    startMs: ms(row.begin_ns),
    totalMs: ms(row.took_ns),
    selfMs: ms(Math.max(0, row.took_ns - row.inner_ns)),
    findMs: ms(row.find_ns),
    loadMs: ms(row.load_ns),
    compileMs: ms(row.compile_ns),
    isFailed: row.is_failed,
    isMainThread: row.is_main_thread,
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const ms = (nanoseconds: number): number => rounded(nanoseconds / 1e6);

/** As the command's JSON has it. */
export const importData = ({ python, wallMs, importsMs, imports }: ImportRecord) => ({
  python,
  wall_ms: wallMs,
  imports_ms: importsMs,
  imports: imports.map((it) => ({
    module: it.module,
    parent: it.parent,
    importer: it.importer,
    path: it.path,
    start_ms: it.startMs,
    total_ms: it.totalMs,
    self_ms: it.selfMs,
    find_ms: it.findMs,
    load_ms: it.loadMs,
    compile_ms: it.compileMs,
    failed: it.isFailed,
    main_thread: it.isMainThread,
  })),
});
