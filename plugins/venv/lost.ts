import fs from "node:fs";
import path from "node:path";
import type { EnvironmentStamp, Installed } from "../../plugin-api/model/environment.ts";
import { recordedPaths } from "../../plugin-api/python/record.ts";
import { entriesIn } from "../../plugin-api/system/folder-entries.ts";

/** Packages in a folder, and what their environment's stamp says. */
interface Linked {
  readonly sitePackages: string;
  readonly installed: readonly Installed[];
  readonly stamp: EnvironmentStamp | undefined;
}

/** Marks packages whose part of the store is gone: somebody has deleted the data directory. A link takes 3 microseconds to look at. */
export function withLost({ sitePackages, installed, stamp }: Linked): readonly Installed[] {
  if (stamp?.linkMode !== "tree" || !hasLostLink(sitePackages)) return installed;
  return installed.map((each) => (isLost(each, sitePackages) ? lost(each) : each));
}

/** Where packages share a folder, their links are below it; one that also has files of its own is a package's, with thousands perhaps. */
function hasLostLink(folder: string, entries = entriesIn(folder)): boolean {
  return entries.some((entry) => {
    const at = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) return !fs.existsSync(at);
    if (!entry.isDirectory() || OWN.test(entry.name)) return false;
    const below = entriesIn(at);
    return !below.some((each) => each.isFile()) && hasLostLink(at, below);
  });
}
const OWN = /\.dist-info$|^__pycache__$/;

/** By its RECORD, which an environment has itself. */
function isLost({ infoPath, wheelSha256 }: Installed, sitePackages: string): boolean {
  if (wheelSha256 === undefined) return false;
  try {
    return recordedPaths(fs.readFileSync(path.join(infoPath, "RECORD"), "utf8"))
      .filter((row) => !row.includes("__pycache__"))
      .some((row) => !fs.existsSync(path.resolve(sitePackages, row)));
  } catch {
    return false;
  }
}

/** Of what it came from nothing is said, as it is not there. */
const lost = ({ name, version, infoPath }: Installed): Installed => ({ name, version, infoPath, isLost: true });
