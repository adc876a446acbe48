import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import type { Session } from "../../plugin-api/session.ts";
import { treeUnchanged } from "./unchanged.ts";

export interface OwnOrder {
  readonly members: readonly Pyproject[];
  /** Pins of the lock, among them those of members that others need. */
  readonly pins: readonly Pin[];
  readonly interpreter: Interpreter;
  readonly installed: readonly Installed[];
  /** Installed so that a change to them counts at once; else as they are now. */
  readonly isEditable: boolean;
  readonly isDryRun: boolean;
}

/** The project itself, or the members of the workspace, to be installed from their folders. */
export async function ownPins(order: OwnOrder, session: Session): Promise<Pin[]> {
  return Promise.all([...foldersOf(order)].map(([name, folder]) => pinOf({ name, folder }, order, session)));
}

/** Those of them that are installed, as they are. */
export function installedPins(order: OwnOrder): readonly Pin[] {
  return [...foldersOf(order)].flatMap(([name, folder]) => {
    const present = order.installed.find((each) => each.name === name);
    const { version, wheelSha256: wheel } = present ?? {};
    if (version === undefined || wheel === undefined) return [];
    return [treePin({ name, folder }, { isEditable: order.isEditable, version, wheel })];
  });
}

function foldersOf({ members, pins }: OwnOrder): ReadonlyMap<PackageName, string> {
  const folders = new Map<PackageName, string>();
  for (const { name, folder, isPackage } of members) if (name !== undefined && isPackage) folders.set(name, folder);
  for (const { name, source } of pins) if (source.kind === "member") folders.set(name, source.path);
  return folders;
}

interface Own {
  readonly name: PackageName;
  readonly folder: string;
}

async function pinOf(own: Own, order: OwnOrder, session: Session): Promise<Pin> {
  const { interpreter, isEditable, isDryRun } = order;
  const present = order.installed.find(({ name }) => name === own.name);
  const unchanged = isEditable && present ? treeUnchanged(present, { path: own.folder, isEditable }) : undefined;
  if (present && unchanged) return treePin(own, { isEditable, version: present.version, wheel: unchanged });
  const version = await versionOf(own, order, session);
  const pin = treePin(own, { isEditable, version });
  if (isEditable || isDryRun) return pin;
  // What is not editable is built each time, and installed if another wheel comes of it.
  const { entry } = await session.run("fetch.artifact", { pin, interpreter });
  return treePin(own, { isEditable, version, wheel: entry.wheelSha256 });
}

async function versionOf(
  { name, folder }: Own,
  { interpreter, isEditable }: OwnOrder,
  session: Session,
): Promise<string> {
  const url = pathToFileURL(folder).href + (isEditable ? "#editable=true" : "");
  const requirement = { name, extras: [], specifier: "", marker: "", url };
  const [page] = await session.run("fetch.versions", { name, requirement, interpreter });
  return page?.version(0) ?? "0";
}

interface Facts {
  readonly isEditable: boolean;
  readonly version: string;
  /** Digest of the wheel that was made of it, where there is one. */
  readonly wheel?: Sha256;
}

function treePin({ name, folder }: Own, { isEditable, version, wheel }: Facts): Pin {
  const file = {
    filename: path.basename(folder),
    url: pathToFileURL(folder).href,
    isYanked: false,
    hasMetadataFile: false,
  };
  return {
    name,
    version,
    source: { kind: "path", path: folder, ...(isEditable && { isEditable }) },
    // A wheel that is in the store is told by its digest; otherwise the folder has to be built.
    file: wheel === undefined ? { ...file, kind: "sdist" } : { ...file, kind: "wheel", sha256: wheel },
    extras: [],
    dependencies: [],
    isDirect: true,
  };
}
