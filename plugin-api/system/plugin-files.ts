import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { PybunError } from "../error.ts";

/** A plugin or preset as configuration names it. */
export interface Named {
  /** `./tools/plugin.ts`, `/opt/acme/plugins/acme`, or a package `pybun-plugin-acme`. */
  readonly name: string;
  /** Folder that relative names start from: that of the file that names it. */
  readonly from: string;
  /** That file, for messages. */
  readonly origin: string;
}
/** What is not there can't fail: it is who names it that has to be mended. */
const ABSENT = { exitCode: 3 };

/** The file or folder a name stands for. Never looks anywhere but where it is named. Throws `E_PLUGIN`. */
export function locate({ name, from, origin }: Named): string {
  const isPath = name.startsWith(".") || path.isAbsolute(name);
  let file = path.resolve(from, name);
  if (!isPath) {
    try {
      file = path.dirname(createRequire(path.join(from, "package.json")).resolve(`${name}/package.json`));
    } catch {
      throw new PybunError("E_PLUGIN", `no package \`${name}\` at ${from}, named in ${origin}`, ABSENT);
    }
  }
  if (!fs.existsSync(file)) throw new PybunError("E_PLUGIN", `no plugin at ${file}, named in ${origin}`, ABSENT);
  return fs.realpathSync(file);
}

/** The module that holds a plugin: the file itself, or a folder's index or declared entry. */
export function entryOf(folder: string): string {
  if (!fs.statSync(folder).isDirectory()) return folder;
  for (const name of ["index.ts", "index.js", "index.mjs"])
    if (fs.existsSync(path.join(folder, name))) return path.join(folder, name);
  const main = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as {
    main?: string;
    exports?: unknown;
  };
  return path.join(folder, typeof main.exports === "string" ? main.exports : (main.main ?? "index.js"));
}
