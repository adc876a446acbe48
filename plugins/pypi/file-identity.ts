import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";

export const isLocal = ({ url }: DistributionFile): boolean => url.startsWith("file:");

/** Key of what is known of a file: by its content where its digest is stated, wherever it comes from; else by its URL. */
export const recordKey = (what: string, { sha256, url }: DistributionFile): string =>
  `${what} ${sha256 ?? (url.length < 500 ? url : digest(url))}`;

/** Where a downloaded file is kept: a folder of its own, so that it can bear its own name. */
export function artifactPath(folder: string, { sha256, url, filename }: DistributionFile): string {
  const id = sha256 ?? digest(url);
  return path.join(folder, id.slice(0, 2), id, filename);
}

const digest = (text: string): string => sha256Of(text);
