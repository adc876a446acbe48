import fs from "node:fs";
import { fileURLToPath } from "node:url";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";

/** The lock with digests of archives in folders, which nobody states: those of what lies there now. */
export async function withLocalDigests(lock: Lock): Promise<Lock> {
  if (!lock.packages.some(({ files }) => files.some(lacksDigest))) return lock;
  const packages = lock.packages.map(async (each) => ({
    ...each,
    files: await Promise.all(each.files.map((file) => (lacksDigest(file) ? withDigest(file) : file))),
  }));
  return { ...lock, packages: await Promise.all(packages) };
}

const lacksDigest = ({ sha256, url }: DistributionFile): boolean => sha256 === undefined && url.startsWith("file:");

async function withDigest(file: DistributionFile): Promise<DistributionFile> {
  const { sha256OfFile } = await import("../../plugin-api/system/file-digest.ts");
  const path = fileURLToPath(file.url);
  return { ...file, sha256: await sha256OfFile(path), sizeBytes: fs.statSync(path).size };
}
