import { parseSha256, type Sha256 } from "../model/digest.ts";
import type { DistributionFile } from "../model/distribution.ts";
import { archiveKind, fileUrl, isPlainFilename, UnsafeLink } from "./archive-links.ts";
import { NotAnIndexPage, type SimplePage } from "./simple-page.ts";
import { digestToHold } from "./stated-digests.ts";

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads a project's page in JSON (PEP 691, 700, 714, 792; versions 1.0 to 1.4; what 740 says of provenance is passed over). `url`
 * is where it came from. Pure. Throws `NotAnIndexPage` and `UnsafeLink`.
 */
export function readSimpleJson(text: string, url: string): SimplePage {
  let page: Table;
  try {
    page = tableOf(JSON.parse(text));
  } catch {
    throw new NotAnIndexPage("something that says it is JSON and is not");
  }
  const meta = tableOf(page["meta"]);
  const version = stringOf(meta["api-version"]) ?? "1.0";
  if (!/^1\.\d+$/.test(version))
    throw new NotAnIndexPage(`version ${version.slice(0, 20)} of the index protocol, and only 1 is known`);
  const files = page["files"];
  if (!Array.isArray(files)) throw new NotAnIndexPage("JSON that lists no files");
  const status = tableOf(page["project-status"]);
  const reason = stringOf(status["reason"]);
  const read: DistributionFile[] = [];
  for (const file of files) {
    const one = readFile(tableOf(file), url);
    if (one !== undefined) read.push(one);
  }
  return {
    files: read,
    status: stringOf(status["status"]) ?? "active",
    ...(reason !== undefined && { statusReason: reason }),
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Nearly all of what is read of an index is files: no object is made here that is not kept. */
function readFile(file: Table, pageUrl: string): DistributionFile | undefined {
  const filename = file["filename"];
  const href = file["url"];
  if (typeof filename !== "string" || typeof href !== "string")
    throw new NotAnIndexPage("JSON with a file that has no name or URL");
  const kind = archiveKind(filename);
  if (kind === undefined) return undefined;
  if (!isPlainFilename(filename)) throw new UnsafeLink(`a file named \`${filename.slice(0, 120)}\``);
  const { yanked, size, hashes } = file;
  const metadata = file["core-metadata"] ?? file["dist-info-metadata"] ?? file["data-dist-info-metadata"];
  const read: Writable<DistributionFile> = {
    filename,
    kind,
    url: fileUrl(href, pageUrl),
    isYanked: yanked === true || typeof yanked === "string",
    hasMetadataFile: metadata === true || (typeof metadata === "object" && metadata !== null),
  };
  const sha256 = sha256In(hashes);
  if (sha256 !== undefined) read.sha256 = sha256;
  else if (typeof hashes === "object" && hashes !== null) Object.assign(read, digestToHold(textsIn(hashes)));
  if (typeof size === "number" && Number.isSafeInteger(size)) read.sizeBytes = size;
  const requiresPython = file["requires-python"];
  if (typeof requiresPython === "string") {
    const trimmed = requiresPython.trim();
    if (trimmed !== "") read.requiresPython = trimmed;
  }
  if (typeof yanked === "string" && yanked !== "") read.yankedReason = yanked;
  const metadataSha256 = typeof metadata === "object" ? sha256In(metadata) : undefined;
  if (metadataSha256 !== undefined) read.metadataSha256 = metadataSha256;
  const uploadedAt = file["upload-time"];
  if (typeof uploadedAt === "string") {
    const uploadedAtMs = Date.parse(uploadedAt);
    if (!Number.isNaN(uploadedAtMs)) read.uploadedAtMs = uploadedAtMs;
  }
  return read;
}

const tableOf = (value: unknown): Table => (typeof value === "object" && value !== null ? (value as Table) : {});
const stringOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const sha256In = (hashes: unknown): Sha256 | undefined => {
  if (typeof hashes !== "object" || hashes === null) return undefined;
  const digest = (hashes as Table)["sha256"];
  return typeof digest === "string" ? parseSha256(digest) : undefined;
};
const textsIn = (hashes: object): ReadonlyMap<string, string> =>
  new Map(Object.entries(hashes).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
