import fs from "node:fs";
import path from "node:path";
import { randomName } from "../../plugin-api/hash/native.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import { fetchFile } from "./fetch-file.ts";
import { artifactPath } from "./file-identity.ts";
import type { IndexState } from "./state.ts";

/** A file of a release. */
export interface ReleaseFile {
  readonly name: string;
  readonly version: string;
  readonly file: DistributionFile;
}

/** Path of the downloaded file: that of an earlier run, or of a download now, which is whole and checked or not there. */
export async function ensureArtifact(release: ReleaseFile, state: IndexState): Promise<string> {
  const kept = artifactPath(state.artifactsDir, release.file);
  if (fs.existsSync(kept)) return kept;
  return state.flights.share(`artifact ${kept}`, async () => {
    const folder = path.dirname(kept);
    fs.mkdirSync(folder, { recursive: true });
    const temporary = path.join(folder, `.${randomName(6)}.tmp`);
    try {
      await fetchFile({ ...release, path: temporary }, state);
      fs.renameSync(temporary, kept);
    } finally {
      fs.rmSync(temporary, { force: true });
      if (!fs.existsSync(kept)) removeIfEmpty(folder);
    }
    return kept;
  });
}

/** Forgets a downloaded file that the store has taken in. */
export function dropArtifact(file: DistributionFile, state: IndexState): void {
  const kept = artifactPath(state.artifactsDir, file);
  fs.rmSync(kept, { force: true });
  removeIfEmpty(path.dirname(kept));
}

function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {}
}
