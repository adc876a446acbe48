import fs from "node:fs";
import { fileURLToPath } from "node:url";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { Session } from "../../plugin-api/session.ts";
import { sha256OfFile } from "../../plugin-api/system/file-digest.ts";

/** The hashes of all files of the pinned releases, sorted; none for folders and repositories. */
export async function releaseHashes(
  pins: readonly Pin[],
  session: Session,
): Promise<ReadonlyMap<PackageName, readonly Sha256[]>> {
  return new Map(await Promise.all(pins.map(async (pin) => [pin.name, await hashesOf(pin, session)] as const)));
}

async function hashesOf(pin: Pin, session: Session): Promise<readonly Sha256[]> {
  const { name, version, source, file } = pin;
  if (source.kind === "git") return [];
  if (source.kind !== "index") return [...(await hashOf(file))];
  const pages = await session.run("fetch.versions", { name });
  const key = versionKey(version);
  const found = await Promise.all(
    pages.flatMap((page) =>
      Array.from({ length: page.count }, (_, rank) => rank)
        .filter((rank) => page.key(rank) === key)
        .flatMap((rank) => {
          const [first, end] = page.rows(rank);
          return Array.from({ length: end - first }, (_, row) => hashOf(page.file(first + row)));
        }),
    ),
  );
  return [...new Set(found.flat())].sort();
}

async function hashOf({ sha256, url }: Pin["file"]): Promise<readonly Sha256[]> {
  if (sha256 !== undefined) return [sha256];
  if (!url.startsWith("file:")) return [];
  const file = fileURLToPath(url.split("#", 1)[0] as string);
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? [await sha256OfFile(file)] : [];
}
