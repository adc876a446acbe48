import fs from "node:fs";
import { parseEnv } from "node:util";
import { PybunError } from "../../plugin-api/error.ts";

/** Variables of `.env`-like files, later ones first. Only files that were named are read. */
export function readEnvFiles(files: readonly string[]): Readonly<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const file of files) {
    let text: string;
    try {
      text = fs.readFileSync(file, "utf8");
    } catch (cause) {
      throw new PybunError("E_USAGE", `cannot read ${file}, asked for by --env-file`, { cause });
    }
    for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) all[name] = value;
  }
  return all;
}
