import { parseSha256, type Sha256 } from "../../plugin-api/model/digest.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import { archiveKind, fileUrl, isPlainFilename, UnsafeLink } from "../../plugin-api/page/archive-links.ts";
import { NotAnIndexPage, type SimplePage } from "./simple-page.ts";

type Table = Readonly<Record<string, unknown>>;

/** Reads a project's page in JSON (PEP 691, 700, 714, 740, 792; versions 1.0 to 1.4). */
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
  return {
    files: files.flatMap((file) => readFile(tableOf(file), url)),
    status: stringOf(status["status"]) ?? "active",
    ...(reason !== undefined && { statusReason: reason }),
  };
}

function readFile(file: Table, pageUrl: string): DistributionFile[] {
  const filename = stringOf(file["filename"]);
  const href = stringOf(file["url"]);
  if (filename === undefined || href === undefined)
    throw new NotAnIndexPage("JSON with a file that has no name or URL");
  const kind = archiveKind(filename);
  if (kind === undefined) return [];
  if (!isPlainFilename(filename)) throw new UnsafeLink(`a file named \`${filename.slice(0, 120)}\``);
  const sha256 = digestIn(file["hashes"]);
  const requiresPython = stringOf(file["requires-python"])?.trim();
  const { yanked, size } = file;
  const metadata = file["core-metadata"] ?? file["dist-info-metadata"] ?? file["data-dist-info-metadata"];
  const metadataSha256 = digestIn(metadata);
  const uploadedAtMs = Date.parse(stringOf(file["upload-time"]) ?? "");
  return [
    {
      filename,
      kind,
      url: fileUrl(href.split("#", 1)[0] as string, pageUrl),
      isYanked: yanked === true || typeof yanked === "string",
      hasMetadataFile: metadata === true || (typeof metadata === "object" && metadata !== null),
      ...(sha256 && { sha256 }),
      ...(Number.isSafeInteger(size) && { sizeBytes: size as number }),
      ...(requiresPython && { requiresPython }),
      ...(typeof yanked === "string" && yanked !== "" && { yankedReason: yanked }),
      ...(metadataSha256 && { metadataSha256 }),
      ...(!Number.isNaN(uploadedAtMs) && { uploadedAtMs }),
    },
  ];
}

const tableOf = (value: unknown): Table => (typeof value === "object" && value !== null ? (value as Table) : {});
const stringOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const digestIn = (hashes: unknown): Sha256 | undefined => {
  const digest = stringOf(tableOf(hashes)["sha256"]);
  return digest === undefined ? undefined : parseSha256(digest);
};
