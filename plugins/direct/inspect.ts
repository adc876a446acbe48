import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { DistributionFile, DistributionMetadata, Source } from "../../plugin-api/model/distribution.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { archiveKind } from "../../plugin-api/page/archive-links.ts";
import { isSameRelease, metadataTable } from "../../plugin-api/page/metadata-table.ts";
import { anotherPackage, type OneRelease } from "../../plugin-api/page/one-release.ts";
import { withOwnSources } from "../../plugin-api/project/tree-sources.ts";
import { parseSdistFilename } from "../../plugin-api/python/sdist-filename.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import { parseWheelFilename, type WheelFilename } from "../../plugin-api/python/wheel-filename.ts";
import { Credentials, Host, Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { metadataOfSource } from "../../plugin-api/source-build.ts";
import { checkedSha256 } from "./check-digest.ts";
import { invalid, missing } from "./faults.ts";
import { obtain } from "./obtain.ts";
import { metadataOfEntry, metadataOfWheel } from "./read-wheel.ts";
import type { Reference } from "./reference.ts";

/** A reference to look at, and the name that what is there has to have. */
export interface Inspection {
  /** Empty for whatever is there. */
  readonly name: PackageName | "";
  readonly reference: Reference;
  /** Runs the build, should the metadata take one. */
  readonly interpreter?: Interpreter;
}
export interface Inspected extends OneRelease {
  readonly metadata: DistributionMetadata;
}

/**
 * Finds out all that a resolution needs of a direct reference, at once: what is wrong with it is then told as it is, not as one
 * more version that does not fit. Throws `E_DIRECT_…`, `E_HASH_MISMATCH`, `E_METADATA`, and what archives, downloads and
 * builds throw.
 */
export async function inspect(inspection: Inspection, session: Session): Promise<Inspected> {
  const { reference } = inspection;
  if (reference.path === undefined) return inspectRemote(inspection, session);
  const stat = fs.statSync(reference.path, { throwIfNoEntry: false });
  if (stat === undefined) throw missing(reference.path, reference.text);
  if (stat.isDirectory()) return inspectTree(inspection, session);
  const kind = archiveKind(reference.filename);
  if (kind === undefined)
    throw invalid(`\`${reference.text}\` names neither a wheel nor a source archive nor a folder`);
  if (reference.isEditable)
    throw invalid(`\`${reference.text}\` names an archive; only a folder can be installed as editable`);
  const facts = { kind, sha256: await checkedSha256(reference.path, reference), sizeBytes: stat.size };
  if (kind === "wheel") {
    wheelName(inspection);
    return resultOf(inspection, metadataOfWheel(reference.path), facts);
  }
  return resultOf(inspection, await sourceMetadata(inspection, reference.path, session), facts);
}

async function inspectRemote(inspection: Inspection, session: Session): Promise<Inspected> {
  const { name, reference } = inspection;
  const { url, filename, digest } = reference;
  const isWheel = archiveKind(filename) === "wheel";
  const version = isWheel ? wheelName(inspection).version : (sdistVersion(inspection) ?? "");
  const bare = (await session.use(Credentials)).learn({ url });
  const archive = await obtain(
    { name: name || filename, version, url: bare, filename, ...(digest && { digest }) },
    session,
  );
  const metadata =
    "entry" in archive
      ? metadataOfEntry(archive.entry, await session.use(Store))
      : await sourceMetadata(inspection, archive.path, session);
  const kind = isWheel ? "wheel" : "sdist";
  return resultOf({ ...inspection, reference: { ...reference, url: bare } }, metadata, { ...archive, kind });
}

async function inspectTree(inspection: Inspection, session: Session): Promise<Inspected> {
  const { reference } = inspection;
  const tree = path.join(reference.path as string, reference.subdirectory ?? "");
  if (!["pyproject.toml", "setup.py"].some((file) => fs.existsSync(path.join(tree, file))))
    throw invalid(`\`${reference.text}\` names a folder with neither pyproject.toml nor setup.py`, {
      evidence: [tree],
      hints: ["archives in a folder are found with `--find-links`"],
    });
  const found = await sourceMetadata(inspection, reference.path as string, session);
  const { home } = await session.use(Host);
  const whole = withOwnSources(found, { folder: tree, ceiling: home, urlOf: fileUrl });
  return resultOf(inspection, whole, { kind: "sdist" });
}

const fileUrl = (file: string, subdirectory: string | undefined): string =>
  pathToFileURL(file).href + (subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`);

function sourceMetadata({ name, reference, interpreter }: Inspection, file: string, session: Session) {
  const { subdirectory } = reference;
  const version = sdistVersion({ name, reference }) ?? "";
  const order = {
    name: name as PackageName,
    version,
    path: file,
    ...(subdirectory && { subdirectory }),
    ...(interpreter && { interpreter }),
  };
  return metadataOfSource(order, session);
}

interface Facts {
  readonly kind: DistributionFile["kind"];
  readonly sha256?: Sha256;
  readonly sizeBytes?: number;
}

function resultOf(inspection: Inspection, found: SourceMetadata, { kind, sha256, sizeBytes }: Facts): Inspected {
  const { reference } = inspection;
  const { path: local, url, filename, subdirectory, isEditable } = reference;
  const { name, version, requiresPython } = found;
  if (inspection.name !== "" && inspection.name !== name) throw anotherPackage(inspection.name, reference.text, name);
  const named = sdistVersion({ name, reference });
  if (named !== undefined && !isSameRelease(named, version))
    throw new PybunError("E_DIRECT_NAME", `\`${filename}\` holds ${name} ${version}`, { context: { name, version } });
  const below = subdirectory === undefined ? {} : { subdirectory };
  const ofPath = isEditable ? { isEditable } : {};
  const source: Source =
    local === undefined ? { kind: "url", url, ...below } : { kind: "path", path: local, ...below, ...ofPath };
  const file = {
    filename,
    kind,
    url,
    isYanked: false,
    hasMetadataFile: false,
    ...(sha256 && { sha256 }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(requiresPython !== "" && { requiresPython }),
  };
  return Object.freeze({ name, version, file, source, metadata: metadataTable(found) });
}

/** What a wheel's file name says, once it is sure that it is the package's. */
function wheelName(inspection: Inspection): WheelFilename {
  const { name, reference } = inspection;
  try {
    const wheel = parseWheelFilename(reference.filename);
    if (name !== "" && wheel.name !== name) throw anotherPackage(name, reference.text, wheel.name);
    return wheel;
  } catch (error) {
    if (error instanceof InvalidSyntax) throw invalid(error.message, { evidence: [reference.text], cause: error });
    throw error;
  }
}

/** The version in a source archive's name, where that follows the standard. */
function sdistVersion({ name, reference }: Inspection): string | undefined {
  try {
    return parseSdistFilename(reference.filename, name === "" ? undefined : name).version;
  } catch (error) {
    if (error instanceof InvalidSyntax) return undefined;
    throw error;
  }
}
