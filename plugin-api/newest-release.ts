import { parseCutOff } from "./cut-off.ts";
import type { DistributionFile, VersionPage } from "./model/distribution.ts";
import type { LockedPackage } from "./model/lock.ts";
import { normalizeName } from "./python/package-name.ts";
import { isPrereleaseKey, versionKey } from "./python/version-key.ts";
import { Clock, SettingsTable } from "./services.ts";
import type { Session } from "./session.ts";

/** What an index has of a locked package. */
export interface OnIndex {
  /** The newest release; pre-releases only where the policy takes them, or the locked version is one. */
  readonly newest: string;
  /** `Requires-Python` of its files, empty for any. */
  readonly requiresPython: string;
  /** A file of it, to read its metadata from; a wheel where it has one. */
  readonly file?: DistributionFile;
  /** Every file of the locked version was withdrawn (PEP 592). */
  readonly isLockedYanked: boolean;
}

/**
 * Finds what indexes have of locked packages, as the settings `prerelease`, `exclude-newer`, `exclude-newer-package` and
 * `security.min-release-age` let it be seen. Undefined for what comes from no index, and for a package that is on none any more.
 * Throws what the stage `fetch.versions` throws.
 */
export async function lookUp(session: Session): Promise<(each: LockedPackage) => Promise<OnIndex | undefined>> {
  const policy = await policyOf(session);
  return async ({ name, version, source }) => {
    if (source.kind !== "index") return undefined;
    const { index } = source;
    const all = await session.run("fetch.versions", { name });
    const found = all.filter((page) => page.index === index);
    // One that is asked for certain packages only is not among them.
    const pages = found.length > 0 ? found : await session.run("fetch.versions", { name, index });
    const cutOffMs = (page: VersionPage): number =>
      policy.ownCutOffsMs.get(name) ?? page.excludeNewerMs ?? policy.cutOffMs;
    const seen = pages.flatMap((page) => releasesOf(page, cutOffMs(page)));
    const key = versionKey(version) ?? "";
    const isAny =
      policy.prerelease === "allow" || isPrereleaseKey(key) || seen.every(({ key: own }) => isPrereleaseKey(own));
    const usable = seen.filter((each) => !each.isYanked && (isAny || !isPrereleaseKey(each.key)));
    const best = usable.reduce<Release | undefined>((a, b) => (a && a.key >= b.key ? a : b), undefined);
    if (seen.length === 0) return undefined;
    const isLockedYanked = seen.some((each) => each.key === key && each.isYanked);
    // Of what was withdrawn the locked release is as good as any.
    return {
      newest: best?.version ?? version,
      requiresPython: best?.requiresPython ?? "",
      ...(best && { file: best.file() }),
      isLockedYanked,
    };
  };
}

interface Release {
  readonly key: string;
  readonly version: string;
  readonly requiresPython: string;
  readonly isYanked: boolean;
  readonly file: () => DistributionFile;
}

function releasesOf(page: VersionPage, cutOffMs: number): readonly Release[] {
  const releases: Release[] = [];
  for (let rank = 0; rank < page.count; rank++) {
    const [first, end] = page.rows(rank);
    const rows = Array.from({ length: end - first }, (_, at) => first + at);
    const there = rows.filter((row) => page.uploadedAt(row) * 1000 <= cutOffMs);
    const [row] = there;
    if (row === undefined) continue;
    const isYanked = there.every((each) => page.isYanked(each));
    const requiresPython = page.python(page.pythonIndex(row));
    const file = () => page.file(row);
    releases.push({ key: page.key(rank), version: page.version(rank), requiresPython, isYanked, file });
  }
  return releases;
}

async function policyOf(session: Session) {
  const [table, clock] = await Promise.all([session.use(SettingsTable), session.use(Clock)]);
  const nowMs = clock.nowMs();
  const timeAt = (key: string): number => {
    const value = table.get(key)?.value;
    return (typeof value === "string" ? parseCutOff(value, nowMs) : undefined) ?? Number.POSITIVE_INFINITY;
  };
  const own = Object.entries((table.get("exclude-newer-package")?.value ?? {}) as Readonly<Record<string, unknown>>);
  return {
    prerelease: table.get("prerelease")?.value,
    cutOffMs: Math.min(timeAt("exclude-newer"), timeAt("security.min-release-age")),
    ownCutOffsMs: new Map(
      own.map(([name, value]) => [
        normalizeName(name) as string,
        (typeof value === "string" ? parseCutOff(value, nowMs) : undefined) ?? Number.POSITIVE_INFINITY,
      ]),
    ),
  };
}
