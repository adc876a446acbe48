import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidSyntax, PybunError } from "./error.ts";
import type { Requirement } from "./model/requirement.ts";
import { parseRequirement } from "./python/requirement.ts";
import { shellWord } from "./shell-word.ts";
import { usageError } from "./usage.ts";

/**
 * A requirement (PEP 508) typed behind `pybun <command>` in the folder `cwd`. Throws `E_USAGE`; for a path, with the
 * requirement that means what lies there.
 */
export function typedRequirement(text: string, { command, cwd }: { command: string; cwd: string }): Requirement {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    const file = path.resolve(cwd, text);
    if (text === "" || !fs.existsSync(file)) throw usageError(command, error.message);
    throw new PybunError("E_USAGE", `\`${text}\` is a path, not a requirement`, {
      hints: [`name the package and the whole path: \`${shellWord(`${nameOf(file)} @ ${pathToFileURL(file).href}`)}\``],
    });
  }
}

/** What a wheel, an archive or a project's folder says its package is called; the folder's own name where it says nothing. */
function nameOf(file: string): string {
  if (fs.statSync(file).isFile()) return path.basename(file).split("-")[0] ?? "";
  const project = path.join(file, "pyproject.toml");
  const text = fs.existsSync(project) ? fs.readFileSync(project, "utf8") : "";
  return /^name\s*=\s*["']([\w.-]+)["']/m.exec(text)?.[1] ?? path.basename(file);
}
