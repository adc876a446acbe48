import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { Environment, Installed } from "../../plugin-api/model/environment.ts";
import type { PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { type DirectUrl, parseDirectUrl } from "../../plugin-api/python/direct-url.ts";
import { type Headers, readMessage } from "../../plugin-api/python/headers.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { Environments, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { seesSystem } from "./place.ts";

/** An installed distribution with what its metadata says. */
export interface Distribution {
  readonly name: PackageName;
  /** As its metadata spells it. */
  readonly displayName: string;
  readonly version: string;
  readonly infoPath: string;
  /** Folder on Python's path that it lies in. */
  readonly location: string;
  /** It lies in the environment itself, not in what that looks into besides. */
  readonly isLocal: boolean;
  readonly headers: Headers;
  readonly description: string;
  readonly directUrl: DirectUrl | undefined;
  /** As in `Installed`. */
  readonly isLost?: true;
}

/** Everything that a Python finds, sorted by name; of several of one name the one that is found first. */
export async function distributionsIn(environment: Environment, session: Session): Promise<readonly Distribution[]> {
  const { env } = await session.use(Host);
  const all = await inFolders(searchPath(environment, env), environment.root, session);
  const lost = new Set(environment.installed.flatMap(({ isLost, infoPath }) => (isLost ? [infoPath] : [])));
  return lost.size === 0 ? all : all.map((each) => (lost.has(each.infoPath) ? { ...each, isLost: true } : each));
}

/** What lies in these folders. */
export async function inFolders(
  folders: readonly string[],
  root: string,
  session: Session,
): Promise<readonly Distribution[]> {
  const environments = await session.use(Environments);
  const found = new Map<string, Distribution>();
  for (const location of folders)
    for (const installed of environments.installed(location)) {
      const isLocal = location === root || location.startsWith(root + path.sep);
      if (!found.has(installed.name)) found.set(installed.name, read(installed, { location, isLocal }));
    }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The folders that a Python searches; asked of itself where it sees more than its environment. */
function searchPath(environment: Environment, variables: Host["env"]): readonly string[] {
  const { root, interpreter, sitePackages, python } = environment;
  if (!seesSystem(environment)) {
    const { platlib } = interpreter.scheme;
    const other = path.join(root, platlib);
    const isSame = !fs.existsSync(other) || fs.realpathSync(other) === realOf(sitePackages);
    return isSame ? [sitePackages] : [sitePackages, other];
  }
  // Folders of the caller's own are none of the installation's; that of the user is.
  const { PYTHONPATH: _path, PYTHONHOME: _home, PYTHONSTARTUP: _code, ...env } = variables;
  const ask = "import sys; print('\\n'.join(sys.path))";
  const { stdout, status } = spawnSync(python, ["-c", ask], { encoding: "utf8", env });
  const own = status === 0 ? stdout.split(/\r?\n/).filter((each) => each !== "") : [];
  return [...new Set([...own, sitePackages])];
}

const realOf = (file: string): string => (fs.existsSync(file) ? fs.realpathSync(file) : file);

function read(installed: Installed, place: Pick<Distribution, "location" | "isLocal">): Distribution {
  const { name, version, infoPath } = installed;
  const text = metadataText(infoPath);
  const { headers, body } = readMessage(text ?? "");
  const [displayName = name] = headers.get("name") ?? [];
  const [written = version] = headers.get("version") ?? [];
  return {
    name,
    displayName: displayName.trim(),
    version: written.trim(),
    infoPath,
    ...place,
    headers,
    description: body,
    directUrl: directUrlIn(infoPath),
  };
}

/** METADATA of a wheel, PKG-INFO of what setup.py installed; undefined where there is neither. */
export function metadataText(infoPath: string): string | undefined {
  for (const file of [path.join(infoPath, "METADATA"), path.join(infoPath, "PKG-INFO"), infoPath])
    if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return fs.readFileSync(file, "utf8");
  return undefined;
}

function directUrlIn(infoPath: string): DirectUrl | undefined {
  try {
    return parseDirectUrl(fs.readFileSync(path.join(infoPath, "direct_url.json"), "utf8"));
  } catch (error) {
    if (error instanceof InvalidSyntax || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

/** Where the project of an editable install lies. */
export function editableLocation({ directUrl }: Distribution): string | undefined {
  if (directUrl?.origin.kind !== "directory" || !directUrl.origin.isEditable) return undefined;
  return decodeURIComponent(new URL(directUrl.url).pathname);
}

/** What it requires, as far as that can be read; markers are not looked at. */
export function requirementsOf({ headers }: Pick<Distribution, "headers">): readonly Requirement[] {
  return (headers.get("requires-dist") ?? []).flatMap((text) => {
    try {
      return parseRequirement(text.trim());
    } catch (error) {
      if (error instanceof InvalidSyntax) return [];
      throw error;
    }
  });
}

/** A file of its metadata folder; undefined where it is not there. */
export function infoFile({ infoPath }: Pick<Distribution, "infoPath">, name: string): string | undefined {
  const file = path.join(infoPath, name);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

export const byName = (all: readonly Distribution[]): ReadonlyMap<PackageName, Distribution> =>
  new Map(all.map((each) => [each.name, each]));

export const isNamed = (names: readonly string[]): ((name: PackageName) => boolean) => {
  const set = new Set(names.map((name) => normalizeName(name)));
  return (name) => set.has(name);
};
