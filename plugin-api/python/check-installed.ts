import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax } from "../error.ts";
import type { Installed } from "../model/environment.ts";
import { sha256OfFile } from "../system/file-digest.ts";
import { parseRecord, type RecordRow } from "./record.ts";

/** What is wrong with an installed file: `is missing`, `has another content`; of the RECORD itself where `path` is empty. */
export interface InstalledFault {
  /** As RECORD has it. */
  readonly path: string;
  readonly what: string;
}

/** What is known of the environment beside RECORDs. */
export interface CheckedIn {
  readonly sitePackages: string;
  /** See `EnvironmentStamp.commands`. */
  readonly commands?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
}

/**
 * Compares every file of a distribution that has a SHA-256 in its RECORD with that (PEP 376, PEP 627), and commands with what
 * else is known of them; gives the number of files read. Throws the signal's reason, and Node's system errors.
 */
export async function checkInstalled(
  { infoPath }: Pick<Installed, "infoPath">,
  { sitePackages, commands = {}, signal }: CheckedIn,
): Promise<{ readonly files: number; readonly faults: readonly InstalledFault[] }> {
  const faults: InstalledFault[] = [];
  let files = 0;
  for (const recorded of rowsOf(infoPath, faults)) {
    signal.throwIfAborted();
    const known = recorded.sha256 === undefined && Object.hasOwn(commands, recorded.path);
    const row = known ? parseRecord(`x,${commands[recorded.path]}`)[0]! : recorded;
    if (row.sha256 === undefined) continue;
    files++;
    const what = await faultOf({ ...row, path: recorded.path }, sitePackages);
    if (what !== undefined) faults.push({ path: recorded.path, what });
  }
  return { files, faults };
}

function rowsOf(infoPath: string, faults: InstalledFault[]): readonly RecordRow[] {
  try {
    const rows = parseRecord(fs.readFileSync(path.join(infoPath, "RECORD"), "utf8"));
    if (rows.length === 0) faults.push({ path: "", what: "has an empty RECORD" });
    return rows;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!isMissing && !(error instanceof InvalidSyntax)) throw error;
    faults.push({ path: "", what: isMissing ? "has no RECORD" : (error as Error).message });
    return [];
  }
}

async function faultOf({ path: file, sha256, size }: RecordRow, sitePackages: string): Promise<string | undefined> {
  const place = path.resolve(sitePackages, file);
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (!stat?.isFile()) return "is missing";
  if (size !== undefined && stat.size !== size) return `has ${stat.size} bytes, not ${size}`;
  return (await sha256OfFile(place)) === sha256 ? undefined : "has another content";
}
