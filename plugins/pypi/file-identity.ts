import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";

export const isLocal = ({ url }: DistributionFile): boolean => url.startsWith("file:");

/** Key of what is known of a file: by its content where its digest is stated, wherever it comes from; else by its URL. */
export const recordKey = (what: string, file: DistributionFile): string => {
  const place = placeOf(file);
  return `${what} ${file.sha256 ?? (place.length < 500 ? place : digest(place))}`;
};

/** Where a downloaded file is kept: a folder of its own, so that it can bear its own name. */
export function artifactPath(folder: string, file: DistributionFile): string {
  const id = file.sha256 ?? digest(placeOf(file));
  return path.join(folder, id.slice(0, 2), id, file.filename);
}

/** Another digest at the same place is another file. */
const placeOf = ({ url, otherDigest }: DistributionFile): string =>
  otherDigest === undefined ? url : `${url}#${otherDigest.algorithm}=${otherDigest.hex}`;

const digest = (text: string): string => sha256Of(text);
