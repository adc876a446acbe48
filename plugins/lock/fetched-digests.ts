import path from "node:path";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import { Host, Http } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { checkOtherDigest } from "../../plugin-api/system/stated-digest.ts";
import { temporaryFolder } from "../../plugin-api/system/temporary-folder.ts";

/** So many files are fetched at a time. */
const AT_ONCE = 8;

type Content = Pick<DistributionFile, "sha256" | "sizeBytes">;

/**
 * The lock with the digests of files whose index states no SHA-256: those that `previous` has, else those of what lies there now, which
 * takes a download of each. A file is held to what its index states of it, and from then on to the lock. Throws what `Http.download`
 * throws, and `E_HASH_MISMATCH`.
 */
export async function withFetchedDigests(lock: Lock, previous: Lock | undefined, session: Session): Promise<Lock> {
  const wanted = lock.packages.flatMap((locked) =>
    locked.source.kind === "index" ? locked.files.filter(lacksDigest).map((file) => ({ locked, file })) : [],
  );
  if (wanted.length === 0) return lock;
  const known = new Map(previous?.packages.flatMap(({ files }) => files.map((file) => [file.url, contentIn(file)])));
  const missing = wanted.filter(({ file }) => !known.has(file.url));
  const { dataDir } = await session.use(Host);
  const temporary = temporaryFolder(path.join(dataDir, "tmp"));
  const work = async (): Promise<void> => {
    for (let one = missing.pop(); one !== undefined; one = missing.pop())
      known.set(one.file.url, await contentAt(one, path.join(temporary.path(), String(missing.length)), session));
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    temporary.remove();
  }
  const withDigest = (file: DistributionFile): DistributionFile =>
    lacksDigest(file) ? { ...file, ...known.get(file.url) } : file;
  return {
    ...lock,
    packages: lock.packages.map((locked) =>
      locked.files.some(lacksDigest) ? { ...locked, files: locked.files.map(withDigest) } : locked,
    ),
  };
}

const lacksDigest = ({ sha256, url }: DistributionFile): boolean => sha256 === undefined && !url.startsWith("file:");

const contentIn = ({ sha256, sizeBytes }: DistributionFile): Content => ({
  ...(sha256 && { sha256 }),
  ...(sizeBytes !== undefined && { sizeBytes }),
});

interface Missing {
  readonly locked: LockedPackage;
  readonly file: DistributionFile;
}

async function contentAt({ locked, file }: Missing, place: string, session: Session): Promise<Content> {
  session.signal.throwIfAborted();
  const told = { name: locked.name, version: locked.version, file: file.filename };
  session.emit({ type: "DownloadStart", ...told });
  const { sha256, sizeBytes } = await (await session.use(Http)).download(file.url, place);
  await checkOtherDigest(place, file);
  session.emit({ type: "DownloadComplete", ...told, bytes: sizeBytes, cached: false });
  return { sha256, sizeBytes };
}
