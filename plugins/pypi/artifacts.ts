import fs from "node:fs";
import path from "node:path";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import { temporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
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
    // A folder that goes with the process, also when that ends in the middle.
    const temporary = temporaryFolder(path.join(path.dirname(state.artifactsDir), "tmp"));
    try {
      const file = path.join(temporary.path(), "download");
      await fetchFile({ ...release, path: file }, state);
      fs.mkdirSync(path.dirname(kept), { recursive: true });
      fs.renameSync(file, kept);
    } finally {
      temporary.remove();
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
