import fs from "node:fs";
import path from "node:path";
import { randomName, sha256Of } from "../hash/native.ts";
import type { Bootstrap } from "../stages.ts";
import entry from "./python/sitecustomize.py" with { type: "text" };

/** Folder below the data directory. */
const BOOTSTRAPS = "bootstraps";

/**
 * A folder that starts these in every Python which has it first in PYTHONPATH: absolute, named by its content, made if it is not
 * there. Throws Node's system errors.
 */
export function bootstrapFolder(bootstraps: readonly Bootstrap[], dataDir: string): string {
  const files = bootstrapFiles(bootstraps);
  const digest = sha256Of(JSON.stringify(files)).slice(0, 32);
  const folder = path.join(dataDir, BOOTSTRAPS, digest);
  if (fs.existsSync(folder)) return folder;
  const fresh = path.join(dataDir, BOOTSTRAPS, `.${digest}.${randomName(6)}.tmp`);
  fs.mkdirSync(fresh, { recursive: true });
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(fresh, name), text);
  try {
    fs.renameSync(fresh, folder);
  } catch (error) {
    fs.rmSync(fresh, { recursive: true, force: true });
    // Another process was faster.
    if (!fs.existsSync(folder)) throw error;
  }
  return folder;
}

function bootstrapFiles(bootstraps: readonly Bootstrap[]): Readonly<Record<string, string>> {
  const files: Record<string, string> = { "sitecustomize.py": entry };
  const imports: string[] = [];
  const parts: string[] = [];
  for (const { name, source, config, parts: more = {} } of bootstraps) {
    for (const [part, text] of Object.entries({ [name]: source, ...more })) files[`_pybun_${part}.py`] = text;
    imports.push(`import _pybun_${name}\n`);
    parts.push(`    (_pybun_${name}, ${pythonLiteral(config)}),\n`);
  }
  return { ...files, "_pybun_bootstraps.py": `${imports.join("")}\nPARTS = (\n${parts.join("")})\n` };
}

/** A JSON value as Python writes it. */
function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${pythonLiteral(member)}`);
  return `{${members.join(", ")}}`;
}
