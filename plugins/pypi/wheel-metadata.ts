import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { fileSource } from "../../plugin-api/archive/byte-source.ts";
import { DEFAULT_LIMITS } from "../../plugin-api/archive/limits.ts";
import { findWheelFolders } from "../../plugin-api/archive/wheel-files.ts";
import { openZip } from "../../plugin-api/archive/zip.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { DecisiveMetadata } from "../../plugin-api/python/core-metadata.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import { type Clause, parseSpecifier } from "../../plugin-api/python/specifier.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";
import { letGo } from "../../plugin-api/system/let-go.ts";
import { dropArtifact, ensureArtifact } from "./artifacts.ts";
import { isLocal } from "./file-identity.ts";
import { readOwnMetadata, unusable } from "./identity-check.ts";
import { fromReleaseJson } from "./release-json.ts";
import { fromRanges } from "./remote-wheel.ts";
import type { IndexState } from "./state.ts";

/**
 * The metadata of a wheel, by the cheapest way there is (SPEC IDX-04): the `.metadata` file beside it, METADATA out of the
 * remote archive by ranges, the index's JSON of the release, at last the whole file. Throws `E_METADATA`, `E_ARCHIVE_UNSAFE`, `E_HASH_MISMATCH`.
 */
export default async function wheelMetadata(query: MetadataQuery, state: IndexState): Promise<SourceMetadata> {
  const { file } = query;
  if (isLocal(file)) return fromArchive(fileURLToPath(file.url), query);
  return (
    (await fromMetadataFile(query, state)) ??
    (await fromRemote(query, state)) ??
    (await fromReleaseJson(query, state)) ??
    (await fromDownload(query, state))
  );
}

/** The file is kept, since it is mostly taken, but not one for other Pythons than its index told: that is passed over. */
async function fromDownload(query: MetadataQuery, state: IndexState): Promise<DecisiveMetadata> {
  const metadata = fromArchive(await ensureArtifact(query, state), query);
  const { requiresPython } = query.file;
  if (requiresPython !== undefined && !isSamePython(requiresPython, metadata.requiresPython ?? ""))
    dropArtifact(query.file, state);
  return metadata;
}

function isSamePython(told: string, own: string): boolean {
  if (told === own) return true;
  try {
    const [one, other] = [told, own].map((text) => parseSpecifier(text).clauses);
    const isIn = ({ operator, version }: Clause): boolean =>
      other!.some((clause) => clause.operator === operator && clause.version === version);
    return one!.length === other!.length && one!.every(isIn);
  } catch {
    return false;
  }
}

/** Undefined when there is no such file, and when one that nobody announced holds something else. */
async function fromMetadataFile(query: MetadataQuery, state: IndexState): Promise<DecisiveMetadata | undefined> {
  const { file } = query;
  if (!file.hasMetadataFile && !state.traits.mayHaveMetadata(file.url)) return undefined;
  const end = file.url.includes("?") ? file.url.indexOf("?") : file.url.length;
  const http = await state.http();
  const options = { cache: "bypass", maxBytes: DEFAULT_LIMITS.metadataBytes } as const;
  const { status, body } = await http.get(`${file.url.slice(0, end)}.metadata${file.url.slice(end)}`, options);
  const metadata = status === 200 ? check(query, body) : undefined;
  letGo(body);
  if (!file.hasMetadataFile) state.traits.sawMetadata(file.url, metadata !== undefined);
  return metadata;
}

function check(query: MetadataQuery, body: Uint8Array): DecisiveMetadata | undefined {
  const { file } = query;
  if (file.metadataSha256 !== undefined) {
    const got = sha256Of(body);
    if (got !== file.metadataSha256) throw mismatch(query, got);
    return readOwnMetadata(body, query);
  }
  try {
    return readOwnMetadata(body, query);
  } catch (error) {
    // Without a digest it may be anything, such as a page that says "not found" with status 200; the wheel decides.
    if (error instanceof PybunError && error.code === "E_METADATA") return undefined;
    throw error;
  }
}

async function fromRemote(query: MetadataQuery, state: IndexState): Promise<DecisiveMetadata | undefined> {
  const { file } = query;
  if (!state.traits.mayHaveRanges(file.url)) return undefined;
  const http = await state.http();
  const read = await fromRanges(file, (part) => http.range(file.url, part));
  if (read !== "damaged") state.traits.sawRanges(file.url, read !== "no-ranges");
  return typeof read === "string" ? undefined : readOwnMetadata(read, query);
}

function fromArchive(path: string, query: MetadataQuery): DecisiveMetadata {
  const { filename } = query.file;
  const fd = fs.openSync(path, "r");
  try {
    const archive = openZip(fileSource(fd), { archive: filename });
    const entry = archive.find(`${findWheelFolders(archive.entries, filename).info}/METADATA`);
    if (!entry || entry.sizeBytes > DEFAULT_LIMITS.metadataBytes) throw unusable(query, "there is none");
    return readOwnMetadata(archive.read(entry), query);
  } finally {
    fs.closeSync(fd);
  }
}

function mismatch({ file }: MetadataQuery, got: string): PybunError {
  const message = `the metadata file of \`${file.filename}\` is not the one the index announces`;
  return new PybunError("E_HASH_MISMATCH", message, {
    evidence: [`expected  ${file.metadataSha256}`, `got       ${got}`],
    context: { file: file.filename, expected: file.metadataSha256, got },
  });
}
