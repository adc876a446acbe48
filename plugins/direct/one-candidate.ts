import type { DistributionFile, Source, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import { parseWheelFilename } from "../../plugin-api/python/wheel-filename.ts";

/** What a direct reference leads to. */
export interface Candidate {
  readonly name: PackageName;
  /** Valid. */
  readonly version: string;
  readonly file: DistributionFile;
  readonly source: Source;
}

/** A page with one release of one file. Not encoded as those of indexes are: names like `main.zip` say no version. */
export function pageOf({ name, version, file, source }: Candidate): VersionPage {
  const tags = file.kind === "wheel" ? [parseWheelFilename(file.filename).tags] : [];
  const pythons = [file.requiresPython ?? ""];
  return Object.freeze<VersionPage>({
    name,
    index: file.url,
    source,
    count: 1,
    status: "active",
    key: () => versionKey(version) as string,
    version: () => version,
    fileCount: 1,
    rows: () => [0, 1],
    file: () => file,
    isYanked: () => false,
    tagIndex: () => (tags.length > 0 ? 0 : -1),
    pythonIndex: () => 0,
    tags,
    pythons,
    tag: (index) => tags[index] as string,
    python: (index) => pythons[index] as string,
    uploadedAt: () => 0,
  });
}
