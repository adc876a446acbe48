import { PybunError } from "../../plugin-api/error.ts";
import type { DistributionFile, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import { Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";

/**
 * Pins of a lock with the addresses that files have here, where an index is reached elsewhere than when the lock was made: a
 * mirror may lay its files out as it likes, so each is looked up on the page by name and digest (SPEC IDX-09). What is installed
 * or in the store already needs no address. Throws `E_LOCK_FILE` and what the stage `fetch.versions` throws.
 */
export async function fromHere(
  pins: readonly Pin[],
  { moved, installed }: { readonly moved: ReadonlySet<string>; readonly installed: readonly Installed[] },
  session: Session,
): Promise<readonly Pin[]> {
  if (moved.size === 0) return pins;
  const store = await session.use(Store);
  const isHere = ({ name, version, file: { kind, sha256 } }: Pin): boolean =>
    installed.some((each) => each.name === name && each.version === version) ||
    (kind === "wheel" && sha256 !== undefined && store.find(sha256) !== undefined);
  return Promise.all(
    pins.map(async (pin) => {
      const { source } = pin;
      const isElsewhere = source.kind === "index" && moved.has(source.index) && !isHere(pin);
      return isElsewhere ? { ...pin, file: await fileHere(pin, source.index, session) } : pin;
    }),
  );
}

async function fileHere({ name, version, file }: Pin, index: string, session: Session): Promise<DistributionFile> {
  const pages = await session.run("fetch.versions", { name, index });
  const found = pages
    .flatMap((page) => filesOf(page, version))
    .find(({ filename, sha256 }) => filename === file.filename && (sha256 === undefined || sha256 === file.sha256));
  if (found) return { ...file, url: found.url };
  throw new PybunError(
    "E_LOCK_FILE",
    `index \`${index}\` does not have the file of \`${name} ${version}\` that is locked`,
    {
      evidence: [`file    ${file.filename}`, `sha256  ${file.sha256}`],
      hints: ["use the index that the lock was made with, or lock again with this one: `pybun lock --upgrade`"],
      context: { name, version, index, file: file.filename },
    },
  );
}

function filesOf(page: VersionPage, version: string): readonly DistributionFile[] {
  const key = versionKey(version);
  for (let rank = 0; rank < page.count; rank++) {
    if (page.key(rank) !== key) continue;
    const [first, end] = page.rows(rank);
    return Array.from({ length: end - first }, (_, i) => page.file(first + i));
  }
  return [];
}
