import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSha256 } from "../../plugin-api/model/digest.ts";
import type { DistributionFile, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { archiveKind, fileUrl, isPlainFilename, UnsafeLink } from "../../plugin-api/page/archive-links.ts";
import { encodeVersionPage } from "../../plugin-api/page/encode.ts";
import { openVersionPage } from "../../plugin-api/page/view.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { invalidJsonIndex, unsafePage } from "./failure.ts";
import { recordKey } from "./file-identity.ts";
import type { Index } from "./index-list.ts";
import { encodeMetadata } from "./metadata-record.ts";
import type { IndexState, RuledIndex } from "./state.ts";

/** A file as a JSON index lists it; paths are relative to the index. */
interface JsonFile {
  readonly file?: string;
  readonly url?: string;
  readonly sha256?: string;
}
/** A release of a JSON index (SPEC IDX-06). */
interface JsonRelease {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: readonly string[];
  readonly requires_python?: string;
  readonly yanked?: boolean | string;
  readonly wheels?: readonly JsonFile[];
  readonly sdist?: JsonFile;
}
export type JsonIndex = ReadonlyMap<string, readonly JsonRelease[]>;

/**
 * A package's page on an index that is one JSON file: for tests and for machines without a network. The dependencies it
 * states hold; where it states none, they are read from the file itself. Throws `E_INDEX_INVALID`, `E_INDEX_UNSAFE`.
 */
export function readJsonIndexPage(name: PackageName, index: RuledIndex, state: IndexState): VersionPage | undefined {
  let releases = state.jsonIndexes.get(index.url);
  if (!releases) state.jsonIndexes.set(index.url, (releases = readIndex(index)));
  const own = releases.get(name);
  if (!own) return undefined;
  const files = own.flatMap((release) => {
    const listed = filesOf(release, index);
    for (const file of listed) remember(release, file, state);
    return listed;
  });
  return openVersionPage(
    encodeVersionPage({ name, index: index.name, status: "active", files }),
    undefined,
    index.rules,
  );
}

function readIndex(index: Index): JsonIndex {
  const file = fileURLToPath(index.url);
  const byName = new Map<string, JsonRelease[]>();
  for (const release of parse(file)) {
    const isRelease = typeof release?.name === "string" && typeof release.version === "string";
    if (!isRelease) throw invalidJsonIndex(file, "a release lacks `name` or `version`");
    const name = normalizeName(release.name);
    const releases = byName.get(name);
    if (releases) releases.push(release);
    else byName.set(name, [release]);
  }
  return byName;
}

function parse(file: string): readonly JsonRelease[] {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (cause) {
    throw invalidJsonIndex(file, "it can't be read", cause);
  }
  try {
    const { packages } = JSON.parse(text) as { readonly packages?: readonly JsonRelease[] };
    if (Array.isArray(packages)) return packages as readonly JsonRelease[];
  } catch (cause) {
    throw invalidJsonIndex(file, "it is no JSON", cause);
  }
  throw invalidJsonIndex(file, "it has no list `packages`");
}

function filesOf(release: JsonRelease, index: Index): DistributionFile[] {
  const { wheels = [], sdist, name, version } = release;
  const listed = [...wheels, ...(sdist ? [sdist] : [])];
  // A release without files can be resolved, which is all that many a test wants.
  const stem = `${normalizeName(name).replaceAll("-", "_")}-${version}`;
  return (listed.length > 0 ? listed : [{ file: `${stem}-py3-none-any.whl` }]).map((file) =>
    toFile(file, release, index),
  );
}

function toFile({ file, url, sha256 }: JsonFile, release: JsonRelease, index: Index): DistributionFile {
  const path = file ?? url?.split(/[?#]/, 1)[0] ?? "";
  const filename = decodeURIComponent(path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1));
  const kind = archiveKind(filename);
  const place = fileURLToPath(index.url);
  if (kind === undefined)
    throw invalidJsonIndex(place, `\`${release.name} ${release.version}\` lists \`${path}\`, which is no archive`);
  if (!isPlainFilename(filename)) throw unsafePage(normalizeName(release.name), index, `a file named \`${filename}\``);
  const digest = sha256 === undefined ? undefined : parseSha256(sha256);
  if (sha256 !== undefined && digest === undefined)
    throw invalidJsonIndex(place, `the \`sha256\` of \`${filename}\` is no SHA-256`);
  const { yanked, requires_python: requiresPython } = release;
  return {
    filename,
    kind,
    url: addressOf(url ?? (file as string), release, index),
    isYanked: yanked === true || typeof yanked === "string",
    hasMetadataFile: false,
    ...(digest && { sha256: digest }),
    ...(requiresPython && { requiresPython }),
    ...(typeof yanked === "string" && yanked !== "" && { yankedReason: yanked }),
  };
}

function addressOf(href: string, release: JsonRelease, index: Index): string {
  try {
    return fileUrl(href, index.url);
  } catch (error) {
    if (error instanceof UnsafeLink) throw unsafePage(normalizeName(release.name), index, error.message);
    throw error;
  }
}

function remember(
  { dependencies, requires_python: requiresPython = "", ...release }: JsonRelease,
  file: DistributionFile,
  state: IndexState,
): void {
  if (!dependencies) return;
  const name = normalizeName(release.name);
  const value = encodeMetadata({
    name,
    version: release.version,
    requiresPython,
    requiresDist: dependencies,
    providesExtra: [],
  });
  const checkedAtS = state.nowS();
  const key = recordKey("metadata", file);
  state.records.remember({ key, note: "", value, checkedAtS, freshUntilS: checkedAtS + 3600 });
}
