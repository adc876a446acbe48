import fs from "node:fs";
import { parseEnv } from "node:util";
import { PybunError } from "../error.ts";

/**
 * Variables of `.env`-like files, later ones first. `asker` is whoever named them, for the error. Loading this brings all of
 * `node:util` with it, so it belongs behind an `import()`. Throws `E_USAGE` for a file that can't be read.
 */
export function readEnvFiles(files: readonly string[], asker: string): Readonly<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const file of files) {
    let text: string;
    try {
      text = fs.readFileSync(file, "utf8");
    } catch (cause) {
      throw new PybunError("E_USAGE", `cannot read ${file}, asked for by ${asker}`, { cause });
    }
    for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) all[name] = value;
  }
  return all;
}
