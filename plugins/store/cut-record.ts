import { readWheelRecord } from "../../plugin-api/archive/wheel-record.ts";
import type { DppParts } from "../../plugin-api/dpp/parts.ts";
import { type RecordCuts, withLineFeeds } from "./record-rows.ts";
import { hashAndSize } from "./recorded-hash.ts";
import { treeFiles } from "./tree-files.ts";

/** A line as this store writes it, with its path; what is quoted or lacks something is not of this kind. */
const PLAIN = /^([^",\r]+),sha(?:256|384|512)=[\w-]+,\d+$/;

/** Undefined where a line has to be written anew: of a file that was moved, or one that is not plain. */
export function recordCuts(
  record: string,
  { infoDir, dataDir }: { readonly infoDir: string; readonly dataDir: string | undefined },
): RecordCuts | undefined {
  const text = withLineFeeds(record);
  if (!text.endsWith("\n")) return undefined;
  const cuts: [from: number, to: number][] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at) + 1;
    const line = text.slice(at, end - 1);
    const isOwn = line.startsWith(`${infoDir}/RECORD,`);
    const isData = dataDir !== undefined && line.startsWith(`${dataDir}/`);
    if (isData && /^(?:pure|plat)lib\//.test(line.slice(dataDir.length + 1))) return undefined;
    if (!isOwn && !isData && !PLAIN.test(line)) return undefined;
    const last = cuts.at(-1);
    if (isOwn || isData) {
      if (last?.[1] === at) last[1] = end;
      else cuts.push([at, end]);
    }
    at = end;
  }
  return cuts;
}

/** The lines of `Store.recordRows`, written anew. */
export function writtenRows({
  documents,
  metadata,
  files,
}: Pick<DppParts, "documents" | "metadata" | "files">): string {
  const text = Buffer.from(documents.RECORD).toString("utf8");
  const listed = readWheelRecord(text, metadata.wheelFilename);
  return treeFiles(files)
    .filter(({ scheme, treePath }) => (scheme === "site" || scheme === "info") && !OWN.test(treePath))
    .map((file) => `${quote(file.treePath)},${hashAndSize(listed.get(file.path), file.sizeBytes)}\n`)
    .join("");
}

/** RECORD itself: whoever installs writes that line. */
const OWN = /^[^/]+\.dist-info\/RECORD$/i;

const quote = (name: string): string => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
