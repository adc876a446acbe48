import { isInterpreterName } from "../python/interpreter-name.ts";
import { quoteName, unsafeArchive } from "./fault.ts";
import { createPathIndex, pathFault } from "./member-path.ts";
import type { ZipEntry } from "./zip-directory.ts";

/** Where a file of a wheel goes when it is installed (PEP 427, "The .data directory"). */
export type WheelScheme = "site" | "info" | "scripts" | "data" | "headers";

/** A file of a wheel and its place. */
export interface WheelFile {
  readonly entry: ZipEntry;
  readonly scheme: WheelScheme;
  /**
   * Where it lies in an unpacked wheel: the archive's path, but without `X.data/purelib/` and `X.data/platlib/`, whose
   * files belong beside the others.
   */
  readonly treePath: string;
}

/** The wheel's own two folders: `<name>-<version>.dist-info`, and `.data` when it has one. */
export interface WheelFolders {
  readonly info: string;
  readonly data: string | undefined;
}

const SCHEMES = new Set(["purelib", "platlib", "headers", "scripts", "data"]);

/** Finds the one `.dist-info` folder and the one `.data` folder at the top. Throws `E_ARCHIVE_UNSAFE` for none or more. */
export function findWheelFolders(entries: readonly ZipEntry[], archive: string): WheelFolders {
  const infos = new Set<string>();
  const datas = new Set<string>();
  for (const { path, isFolder } of entries) {
    const slash = path.indexOf("/");
    const top = slash < 0 ? path : path.slice(0, slash);
    // Some readers fold case here, so two spellings are as bad as two folders.
    const isInfo = /\.dist-info$/i.test(top);
    if (!isInfo && !/\.data$/i.test(top)) continue;
    if (slash < 0 && !isFolder) throw unsafeArchive(archive, `${quoteName(top)} is a file and not a folder`);
    (isInfo ? infos : datas).add(top);
  }
  if (infos.size !== 1) {
    const names = [...infos].map(quoteName).join(" and ");
    throw unsafeArchive(archive, infos.size === 0 ? "it has no .dist-info folder" : `it has both ${names}`);
  }
  if (datas.size > 1) throw unsafeArchive(archive, `it has both ${[...datas].map(quoteName).join(" and ")}`);
  const [info] = infos as Set<string> & Iterable<string>;
  return { info: info!, data: [...datas][0] };
}

/** Assigns every file its scheme. Throws `E_ARCHIVE_UNSAFE` for unknown schemes and for two files at one place. */
export function placeWheelFiles(
  entries: readonly ZipEntry[],
  folders: WheelFolders,
  rules: { readonly archive: string; readonly foldsCase: boolean },
): readonly WheelFile[] {
  const dataPrefix = folders.data === undefined ? undefined : `${folders.data}/`;
  const infoPrefix = `${folders.info}/`;
  let hasMoved = false;
  const files: WheelFile[] = [];
  for (const entry of entries) {
    if (entry.isFolder) continue;
    if (entry.path.startsWith(infoPrefix)) files.push({ entry, scheme: "info", treePath: entry.path });
    else if (dataPrefix !== undefined && entry.path.startsWith(dataPrefix)) {
      const file = placeDataFile(entry, dataPrefix, rules.archive);
      hasMoved ||= file.treePath !== entry.path;
      files.push(file);
    } else files.push({ entry, scheme: "site", treePath: entry.path });
  }
  if (hasMoved) checkMoved(files, rules);
  return files;
}

function placeDataFile(entry: ZipEntry, dataPrefix: string, archive: string): WheelFile {
  const inside = entry.path.slice(dataPrefix.length);
  const slash = inside.indexOf("/");
  const scheme = inside.slice(0, Math.max(slash, 0));
  if (!SCHEMES.has(scheme)) throw unsafeArchive(archive, `${quoteName(entry.path)} belongs to no known scheme`);
  if (scheme !== "purelib" && scheme !== "platlib") {
    if (isInterpreters(scheme, inside.slice(slash + 1)))
      throw unsafeArchive(archive, `${quoteName(entry.path)} would take the place of an environment's interpreter`);
    return { entry, scheme: scheme as WheelScheme, treePath: entry.path };
  }
  const treePath = inside.slice(slash + 1);
  // Moved to the top it would be taken for metadata of the wheel, or of another one.
  if (/^[^/]*\.(?:dist-info|data)(?:\/|$)/i.test(treePath)) {
    throw unsafeArchive(archive, `${quoteName(entry.path)} brings metadata of another distribution`);
  }
  return { entry, scheme: "site", treePath };
}

/** The interpreter of whatever environment it is installed into, or the file by which that is one; no file system's spelling saves it. */
function isInterpreters(scheme: string, place: string): boolean {
  const plain = place.normalize("NFKC").toLowerCase();
  const script = scheme === "scripts" ? plain : /^(?:bin|scripts)\/(.*)$/.exec(plain)?.[1];
  return (scheme === "data" && plain === "pyvenv.cfg") || (script !== undefined && isInterpreterName(script));
}

/** Moved files are judged again at their new place, where a drive letter or a twin may come to light. */
function checkMoved(
  files: readonly WheelFile[],
  rules: { readonly archive: string; readonly foldsCase: boolean },
): void {
  const index = createPathIndex(rules.foldsCase);
  for (const { treePath } of files) {
    const fault = pathFault(treePath) ?? index.add(treePath, false);
    if (fault !== undefined) throw unsafeArchive(rules.archive, fault);
  }
}
