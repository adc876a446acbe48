import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { DECIDING } from "../../plugin-api/project/source-state.ts";
import { type DirectUrl, parseDirectUrl } from "../../plugin-api/python/direct-url.ts";

/** A source tree as a pin names it. */
interface Tree {
  readonly path: string;
  readonly isEditable?: boolean;
  readonly subdirectory?: string;
}

/** The wheel that a source tree was installed from, when it is the same folder and was not declared anew since: it is built again then. */
export function treeUnchanged({ infoPath, wheelSha256 }: Installed, tree: Tree): Sha256 | undefined {
  const origin = originIn(infoPath);
  if (wheelSha256 === undefined || origin?.origin.kind !== "directory") return undefined;
  // A folder below is not always told: the name tells one project in a folder from another.
  const isElsewhere = origin.subdirectory !== undefined && origin.subdirectory !== tree.subdirectory;
  if (
    isElsewhere ||
    origin.url !== pathToFileURL(tree.path).href ||
    origin.origin.isEditable !== (tree.isEditable === true)
  )
    return undefined;
  const madeMs = fs.statSync(infoPath).mtimeMs;
  const isOlder = (name: string): boolean =>
    (fs.statSync(path.join(tree.path, tree.subdirectory ?? "", name), { throwIfNoEntry: false })?.mtimeMs ?? 0) <
    madeMs;
  return DECIDING.every(isOlder) ? wheelSha256 : undefined;
}

/** Pins from folders and archives that have to be built, those that are installed already as the wheels they were built into. */
export const withInstalled = (pins: readonly Pin[], installed: readonly Installed[]): readonly Pin[] =>
  pins.map((pin) => {
    const { source, file } = pin;
    if (file.kind !== "sdist" || (source.kind !== "path" && source.kind !== "url")) return pin;
    const present = installed.find(({ name, version }) => name === pin.name && version === pin.version);
    const wheel = present && (file.sha256 === undefined ? ofTree(present, source) : ofArchive(present, pin));
    return wheel === undefined ? pin : { ...pin, file: { ...file, kind: "wheel", sha256: wheel } };
  });

const ofTree = (present: Installed, source: Pin["source"]): Sha256 | undefined =>
  source.kind === "path" ? treeUnchanged(present, source) : undefined;

/** The digest of the archive is what it was built from. */
function ofArchive({ infoPath, wheelSha256 }: Installed, { source, file }: Pin): Sha256 | undefined {
  const origin = originIn(infoPath);
  const below = "subdirectory" in source ? source.subdirectory : undefined;
  if (origin?.origin.kind !== "archive" || origin.subdirectory !== below) return undefined;
  return origin.origin.hashes["sha256"] === file.sha256 ? wheelSha256 : undefined;
}

function originIn(infoPath: string): DirectUrl | undefined {
  try {
    return parseDirectUrl(fs.readFileSync(path.join(infoPath, "direct_url.json"), "utf8"));
  } catch {
    return undefined;
  }
}
