import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { isPackageName } from "../../plugin-api/python/package-name.ts";

/** The name that a folder's name can be made into; empty where nothing of it may stand in a name. */
export function nameOfFolder(folder: string): string {
  const name = path
    .basename(folder)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-");
  return name.replace(/^[._-]+|[._-]+$/g, "").toLowerCase();
}

/** The package that a project of this name is imported as, which all build backends look for. */
export const moduleOf = (name: string): string => name.toLowerCase().replace(/[._-]+/g, "_");

// What `keyword.kwlist` has had in lower case since Python 3.9: none of it can be imported by its name.
const KEYWORDS = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if import in is lambda
nonlocal not or pass raise return try while with yield`.split(/\s+/),
);
/** Modules without a file. */
const BUILT_IN = new Set("builtins sys time gc errno marshal posix nt itertools atexit".split(" "));

/** What is wrong with a project's name, as half a sentence. `isPackaged`: it has to be importable, beside the standard library. */
export function nameProblem(
  name: string,
  { isPackaged, stdlib }: { readonly isPackaged: boolean; readonly stdlib: Interpreter["stdlib"] },
): string | undefined {
  if (name === "") return "the folder's name makes no project name; choose one with `--name`";
  if (!isPackageName(name)) return `\`${name}\` is no project name: letters, digits and -_. between them`;
  if (!isPackaged) return undefined;
  const module = moduleOf(name);
  if (/^\d/.test(module) || KEYWORDS.has(module)) return `\`${module}\` can't be imported: it is no name for a module`;
  const isStandard = BUILT_IN.has(module) || ["", ".py"].some((end) => fs.existsSync(path.join(stdlib, module + end)));
  if (isStandard) return `Python has a module \`${module}\` of its own`;
  return module === "tests" ? "the tests are in a folder `tests` already" : undefined;
}
