import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../error.ts";
import { writeAtomically } from "./atomic-file.ts";

/**
 * SHA-256 over the names and contents of a plugin's files: everything below its folder but `node_modules` and `.git`, or its
 * one file; and whatever they name by a relative path outside of it, transitively, since that runs too. Symbolic links
 * count by their target's text, so a link can't smuggle in a later change unseen. Hexadecimal.
 */
export function pluginDigest(plugin: string): string {
  const root = fs.realpathSync(plugin);
  const rows = new Map<string, string>();
  const visit = (at: string): void => {
    if (rows.has(at)) return;
    const stat = fs.lstatSync(at, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) rows.set(at, `l ${fs.readlinkSync(at)}`);
    else if (stat?.isDirectory()) {
      for (const child of fs.readdirSync(at))
        if (child !== "node_modules" && child !== ".git") visit(path.join(at, child));
    } else if (stat?.isFile()) {
      const bytes = fs.readFileSync(at);
      rows.set(at, `f ${createHash("sha256").update(bytes).digest("hex")}`);
      if (/\.[cm]?[jt]sx?$/.test(at))
        for (const named of relativeNames(bytes.toString())) visitFile(path.resolve(path.dirname(at), named));
    }
  };
  const visitFile = (at: string): void => {
    if (fs.lstatSync(at, { throwIfNoEntry: false })?.isDirectory() !== true) visit(at);
  };
  visit(root);
  const hash = createHash("sha256");
  for (const at of [...rows.keys()].sort()) hash.update(`${path.relative(root, at)}\0${rows.get(at)}\n`);
  return hash.digest("hex");
}

const relativeNames = (text: string): readonly string[] =>
  [...text.matchAll(/["'`](\.{1,2}\/[^"'`\n]+)["'`]/g)].map(([, name = ""]) => name);

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
      hints: [`read its files, then agree: \`pybun plugin add --trust-only ${file}\``],
      context: { file, digest, agreed: agreed ?? null, origin },
    });
  writeTrust(trust.configDir, file, digest);
}
