import fs from "node:fs";
import path from "node:path";
import type { EnvironmentStamp, Installed } from "../../plugin-api/model/environment.ts";
import { recordedPaths } from "../../plugin-api/python/record.ts";
import { hasChangedLink } from "../../plugin-api/system/store-links.ts";

/** Packages in a folder, and what their environment's stamp says. */
interface Linked {
  readonly sitePackages: string;
  readonly installed: readonly Installed[];
  readonly stamp: EnvironmentStamp | undefined;
}

/** Marks packages whose part of the store is gone. */
export function withLost({ sitePackages, installed, stamp }: Linked): readonly Installed[] {
  if (stamp?.linkMode !== "tree" || !hasChangedLink(sitePackages)) return installed;
  return installed.map((each) => (isLost(each, sitePackages) ? lost(each) : each));
}

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
