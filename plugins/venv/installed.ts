import fs from "node:fs";
import path from "node:path";
import type { EnvironmentStamp, Installed } from "../../plugin-api/model/environment.ts";
import { readHeaders } from "../../plugin-api/python/headers.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { cachedByText } from "../../plugin-api/python/text-cache.ts";
import { settledState } from "../../plugin-api/system/settled-state.ts";

/**
 * Distributions in a site-packages folder, by the names of their metadata folders: one `readdir`, and a read only where a
 * name does not tell it all. `stamp` tells which wheels they came from. A command asks several times.
 */
export function listInstalled(sitePackages: string, stamp?: EnvironmentStamp): readonly Installed[] {
  const mark = settledState(sitePackages);
  const before = known.get(sitePackages);
  if (before !== undefined && before.mark === mark && before.stamp === stamp) return before.installed;
  const { installed, isToldByNames } = readInstalled(sitePackages, stamp);
  known.delete(sitePackages);
  if (mark !== undefined && isToldByNames) known.set(sitePackages, { mark, stamp, installed });
  for (const oldest of known.size > MOST_KNOWN ? [...known.keys()].slice(0, 1) : []) known.delete(oldest);
  return installed;
}

/** What was read of a folder, and what decided it. */
interface Known {
  readonly mark: string;
  readonly stamp: EnvironmentStamp | undefined;
  readonly installed: readonly Installed[];
}
const MOST_KNOWN = 8;
const known = new Map<string, Known>();

interface Listed {
  readonly installed: readonly Installed[];
  /** No file in the folder had to be read. */
  readonly isToldByNames: boolean;
}

function readInstalled(sitePackages: string, stamp: EnvironmentStamp | undefined): Listed {
  const names = readFolder(sitePackages);
  const { isFresh, wheelOf } = wheelFinder(sitePackages, stamp);
  const found = new Map<string, Installed>();
  let isToldByNames = isFresh;
  for (const folder of names) {
    const told = toldBy(folder);
    if (told.kind === "no metadata") continue;
    if (told.id === undefined) isToldByNames = false;
    const id = told.id ?? identify(sitePackages, folder, told.kind);
    if (id === undefined || found.has(id.name)) continue;
    const wheelSha256 = wheelOf(folder);
    const installed = { ...id, infoPath: `${sitePackages}${path.sep}${folder}` };
    if (wheelSha256 === undefined) found.set(id.name, installed);
    else {
      const directUrl = stamp?.origins?.[folder];
      found.set(id.name, { ...installed, wheelSha256, ...(directUrl !== undefined && { directUrl }) });
    }
  }
  return { installed: [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), isToldByNames };
}

function readFolder(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

type Identity = Pick<Installed, "name" | "version">;

/** What the name of a folder in site-packages tells. */
interface Told {
  readonly kind: "dist-info" | "egg-info" | "no metadata";
  /** Absent where only the files in it tell. */
  readonly id?: Identity;
}

/** An environment is looked at several times by a command, and most folders in it are in others, too. */
const toldBy = cachedByText((folder): Told => {
  // pip's remains of an interrupted uninstall begin with `~`.
  const [, stem, kind] = /^([^~].*)\.(dist-info|egg-info)$/.exec(folder) ?? [];
  if (stem === undefined) return { kind: "no metadata" };
  const told = { kind: kind as "dist-info" | "egg-info" };
  const [, name, version] = /^(.+?)-(\d[^-]*)(?:-py\d.*)?$/.exec(stem) ?? [];
  // `_` stands for a character that a file name can't have or that splits it: the version's own text is in the file.
  if (name === undefined || version === undefined || version.includes("_")) return told;
  return { ...told, id: { name: normalizeName(name), version } };
});

function identify(sitePackages: string, folder: string, kind: Told["kind"]): Identity | undefined {
  const file = path.join(sitePackages, folder);
  return readIdentity(kind === "dist-info" ? [path.join(file, "METADATA")] : [path.join(file, "PKG-INFO"), file]);
}

function readIdentity(files: readonly string[]): Identity | undefined {
  for (const file of files) {
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
    const headers = readHeaders(fs.readFileSync(file, "utf8"));
    const [name] = headers.get("name") ?? [];
    const [version] = headers.get("version") ?? [];
    if (name && version) return { name: normalizeName(name), version };
  }
  return undefined;
}

/**
 * The stamp counts as a whole while site-packages has not changed since. After that each folder speaks for itself: another
 * installer leaves its own name there.
 */
function wheelFinder(sitePackages: string, stamp: EnvironmentStamp | undefined) {
  if (!stamp) return { isFresh: true, wheelOf: () => undefined };
  const isFresh = fs.statSync(sitePackages, { throwIfNoEntry: false })?.mtimeMs === stamp.siteMtimeMs;
  const wheelOf = (folder: string) => {
    const sha256 = stamp.wheels[folder];
    return sha256 !== undefined && (isFresh || isOurs(path.join(sitePackages, folder))) ? sha256 : undefined;
  };
  return { isFresh, wheelOf };
}

function isOurs(infoPath: string): boolean {
  try {
    return fs.readFileSync(path.join(infoPath, "INSTALLER"), "utf8").trim() === "pybun";
  } catch {
    return false;
  }
}
