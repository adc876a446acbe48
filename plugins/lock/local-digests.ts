import fs from "node:fs";
import { fileURLToPath } from "node:url";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import { keptByState } from "../../plugin-api/system/settled-state.ts";

/** The lock with digests of archives that are found in folders, which nobody states: those of what lies there now. */
export async function withLocalDigests(lock: Lock): Promise<Lock> {
  if (!lock.packages.some(lacksDigests)) return lock;
  return { ...lock, packages: await Promise.all(lock.packages.map(withDigests)) };
}

const lacksDigests = ({ source, files }: LockedPackage): boolean => source.kind === "index" && files.some(lacksDigest);
const lacksDigest = ({ sha256, url }: DistributionFile): boolean => sha256 === undefined && url.startsWith("file:");

/** So many wheels lie in the folders of a large project. */
const MOST_KEPT = 4000;

const contentOf = keptByState(MOST_KEPT, async (file) => {
  const { sha256OfFile } = await import("../../plugin-api/system/file-digest.ts");
  return { sha256: await sha256OfFile(file), sizeBytes: fs.statSync(file).size };
});

async function withDigests(locked: LockedPackage): Promise<LockedPackage> {
  if (!lacksDigests(locked)) return locked;
  const files: DistributionFile[] = [];
  for (const file of locked.files) {
    const path = lacksDigest(file) ? fileURLToPath(file.url) : undefined;
    files.push(path === undefined ? file : { ...file, ...(await contentOf(path)) });
  }
  return { ...locked, files };
}
