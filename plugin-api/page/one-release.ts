import { PybunError } from "../error.ts";
import type { DistributionFile, Source, VersionPage } from "../model/distribution.ts";
import type { PackageName } from "../model/requirement.ts";
import { versionKey } from "../python/version-key.ts";
import { parseWheelFilename } from "../python/wheel-filename.ts";

/** What a direct reference leads to: one release of one file. */
export interface OneRelease {
  readonly name: PackageName;
  /** Valid (PEP 440). */
  readonly version: string;
  readonly file: DistributionFile;
  readonly source: Source;
}

/**
 * A page with one release of one file, as `fetch.versions` answers for a direct reference. Not encoded as those of indexes
 * are: names like `main.zip` say no version.
 */
export function pageOfRelease({ name, version, file, source }: OneRelease): VersionPage {
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

/** The page of what is found at the URL of a package's requirement. An error says by `context.package` whose it is. */
export async function pageOfFound(name: PackageName, found: Promise<OneRelease>): Promise<VersionPage> {
  try {
    return pageOfRelease(await found);
  } catch (error) {
    if (!(error instanceof PybunError)) throw error;
    const { code, message, detail } = error;
    throw new PybunError(code, message, { ...detail, context: { ...detail.context, package: name } });
  }
}

/** `E_DIRECT_NAME`: what a requirement's URL leads to is another package. `text`: the requirement as it is shown. */
export const anotherPackage = (name: PackageName, text: string, found: PackageName): PybunError =>
  new PybunError("E_DIRECT_NAME", `\`${text}\` leads to the package \`${found}\``, {
    hints: [`name it so: \`${found} @ ${text.slice(`${name} @ `.length)}\``],
    context: { name, found },
  });
