import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import names from "./stdlib-modules.txt" with { type: "text" };

let known: ReadonlySet<string> | undefined;

/** Whether some Python 3.9 or later has a module of that name in its standard library; names with an underscore in front apart. */
export const isStdlibName = (name: string): boolean => (known ??= new Set(names.trimEnd().split("\n"))).has(name);

/** Part of every build, often without a file of their own. */
const BUILT_IN = new Set(
  "array atexit binascii builtins cmath errno faulthandler gc itertools marshal math mmap pyexpat select sys time unicodedata zlib".split(
    " ",
  ),
);

/**
 * Whether this very Python has the module: `cgi` is for a package to bring from 3.13 on, and `readline` on Windows. Extension
 * modules that some builds have inside the executable and others not at all count as missing.
 */
export function isInStdlib(name: string, { stdlib }: Pick<Interpreter, "stdlib">): boolean {
  if (BUILT_IN.has(name)) return true;
  if (["", ".py"].some((ending) => fs.existsSync(path.join(stdlib, name + ending)))) return true;
  const folders = [path.join(stdlib, "lib-dynload"), path.join(path.dirname(stdlib), "DLLs")];
  return folders.some((folder) => {
    const files = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    return files.some((file) => file.startsWith(`${name}.`));
  });
}
