import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { DistributionFile, DistributionMetadata } from "../../plugin-api/model/distribution.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { metadataTable } from "../../plugin-api/page/metadata-table.ts";
import { anotherPackage, type OneRelease } from "../../plugin-api/page/one-release.ts";
import { withOwnSources } from "../../plugin-api/project/tree-sources.ts";
import { formatGitUrl } from "../../plugin-api/python/git-url.ts";
import type { Session } from "../../plugin-api/session.ts";
import { metadataOfSource } from "../../plugin-api/source-build.ts";
import type { GitState } from "./git-key.ts";
import type { GitReference, GitSource } from "./reference.ts";

/** A reference to look at, and the name that the project there has to have. */
export interface Inspection {
  /** Empty for whatever is there. */
  readonly name: PackageName | "";
  readonly reference: GitReference;
  /** The commit, when a pin says it. */
  readonly commit?: string;
  /** Runs the build, should the metadata take one. */
  readonly interpreter?: Interpreter;
}
export interface Inspected extends OneRelease {
  readonly source: GitSource;
  readonly metadata: DistributionMetadata;
}

/**
 * Finds out all that a resolution needs of a git reference. Throws `E_GIT_…`, `E_DIRECT_NAME`, `E_OFFLINE_MISS`, `E_AUTH`,
 * `E_NETWORK`, and what builds throw.
 */
export async function inspect(inspection: Inspection, state: GitState, session: Session): Promise<Inspected> {
  const { reference, interpreter } = inspection;
  const { url, subdirectory, isLfs } = reference;
  const commit = inspection.commit ?? (await state.commitOf(reference));
  const folder = await state.checkout(reference, commit);
  checkProject(folder, reference);
  const source: GitSource = {
    kind: "git",
    url,
    commit,
    ...(reference.reference !== undefined && { reference: reference.reference }),
    ...(subdirectory !== undefined && { subdirectory }),
    ...(isLfs && { isLfs }),
  };
  const order = { name: inspection.name as PackageName, version: "", path: folder, content: contentOf(source) };
  const more = { ...(subdirectory !== undefined && { subdirectory }), ...(interpreter && { interpreter }) };
  const found = withOwnSources(await metadataOfSource({ ...order, ...more }, session), {
    folder: path.join(folder, subdirectory ?? ""),
    ceiling: path.dirname(folder),
    urlOf: (file, below) => urlWithin(folder, path.join(file, below ?? ""), reference),
  });
  const { name, version, requiresPython } = found;
  if (inspection.name !== "" && inspection.name !== name) throw anotherPackage(inspection.name, reference.text, name);
  const file: DistributionFile = {
    filename: `${name}-${commit.slice(0, 12)}`,
    kind: "sdist",
    url: formatGitUrl({ ...source, reference: commit }),
    isYanked: false,
    hasMetadataFile: false,
    ...(requiresPython !== "" && { requiresPython }),
  };
  return Object.freeze({ name, version, file, source, metadata: metadataTable(found) });
}

/** Equal for equal trees: what was built from one is what would be built from the other. */
export const contentOf = ({ url, commit, isLfs }: GitSource): string =>
  JSON.stringify(["git", url, commit, isLfs ?? false]);

/** Another folder of the same repository; undefined outside of it. */
function urlWithin(root: string, file: string, { url, reference, isLfs }: GitReference): string | undefined {
  const subdirectory = path.relative(root, file).split(path.sep).join("/");
  if (subdirectory === ".." || subdirectory.startsWith("../")) return undefined;
  return formatGitUrl({
    url,
    ...(reference !== undefined && { reference }),
    ...(subdirectory !== "" && { subdirectory }),
    ...(isLfs && { isLfs }),
  });
}

function checkProject(folder: string, { text, url, subdirectory = "" }: GitReference): void {
  const project = path.join(folder, subdirectory);
  const files = ["pyproject.toml", "setup.py"];
  if (files.some((file) => fs.existsSync(path.join(project, file)))) return;
  const near = projectsBelow(folder);
  const where = subdirectory === "" ? "" : ` in \`${subdirectory}\``;
  throw new PybunError("E_GIT_REPOSITORY", `${url} has neither pyproject.toml nor setup.py${where}`, {
    evidence: [`asked for by ${text}`],
    hints: near === undefined ? [] : [`there is a project in a folder of it: \`#subdirectory=${near}\``],
    context: { url, subdirectory },
  });
}

/** The first project one or two folders down. */
function projectsBelow(folder: string): string | undefined {
  const found = fs.globSync("{*,*/*}/pyproject.toml", { cwd: folder }).sort();
  return found[0] === undefined ? undefined : path.posix.dirname(found[0].replaceAll("\\", "/"));
}
