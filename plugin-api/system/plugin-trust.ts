import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../error.ts";
import { writeAtomically } from "./atomic-file.ts";

/**
 * SHA-256 over the names and contents of a plugin's files: one file, or everything below a folder but `node_modules` and
 * `.git`. Symbolic links count by their target's text, so a link can't smuggle in a later change unseen. Hexadecimal.
 */
export function pluginDigest(file: string): string {
  const hash = createHash("sha256");
  const visit = (at: string, name: string): void => {
    const stat = fs.lstatSync(at);
    if (stat.isSymbolicLink()) hash.update(`l ${name}\0${fs.readlinkSync(at)}\0`);
    else if (stat.isDirectory()) {
      for (const child of fs.readdirSync(at).sort())
        if (child !== "node_modules" && child !== ".git") visit(path.join(at, child), `${name}/${child}`);
    } else if (stat.isFile()) hash.update(`f ${name}\0${stat.size}\0`).update(fs.readFileSync(at));
  };
  visit(fs.realpathSync(file), "");
  return hash.digest("hex");
}

/**
 * Contents the user agreed to run, by real path and digest. It lies in the user's configuration folder: a list inside a
 * project could be written by whoever wrote the project.
 */
export const trustFile = (configDir: string): string => path.join(configDir, "trusted-plugins.json");

/** Real path → digest agreed to; empty when nothing was. */
export function readTrust(configDir: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(fs.readFileSync(trustFile(configDir), "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}

/** Records consent to the content a plugin has now, or withdraws it with `undefined`. */
export function writeTrust(configDir: string, file: string, digest: string | undefined): void {
  const { [file]: _, ...others } = readTrust(configDir);
  fs.mkdirSync(configDir, { recursive: true });
  const all = digest === undefined ? others : { ...others, [file]: digest };
  writeAtomically(trustFile(configDir), `${JSON.stringify(all, null, 2)}\n`, { isDurable: true, mode: 0o600 });
}

/** Where consent is kept, and who may be asked for it. */
export interface Trust {
  readonly configDir: string;
  /** Asks the person; undefined where nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
}

/** Its code is imported only when the user agreed to exactly this content. Throws `E_PLUGIN_CHANGED`. */
export async function ensureTrusted(file: string, origin: string, trust: Trust): Promise<void> {
  const digest = pluginDigest(file);
  const agreed = readTrust(trust.configDir)[file];
  if (agreed === digest) return;
  const state = agreed === undefined ? "was never agreed to" : "has changed since you agreed to it";
  const question = `${origin} wants to run the plugin ${file}, which ${state}. Run it?`;
  if (!(await trust.ask?.(question)))
    throw new PybunError("E_PLUGIN_CHANGED", `the plugin ${file} ${state}`, {
      evidence: [`named in ${origin}`, `content  sha256 ${digest}`],
      hints: [`read its files, then agree: \`pybun plugin add ${file}\``],
      context: { file, digest, agreed: agreed ?? null, origin },
    });
  writeTrust(trust.configDir, file, digest);
}
