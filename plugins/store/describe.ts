import type { Wheel } from "../../plugin-api/archive/wheel.ts";
import type { WheelFile } from "../../plugin-api/archive/wheel-files.ts";
import type { StoreLayout } from "../../plugin-api/model/store-layout.ts";
import { declaredNamespaces, isSharedFolder, SHARING_BYTES } from "../../plugin-api/python/shared-folder.ts";
import { linkedFolders } from "./linked-folders.ts";
import { isStartupHook } from "./startup-hook.ts";

/** A file of a wheel as it lies in the store. */
export interface StoredFile {
  readonly file: WheelFile;
  readonly blake3: string;
  /** Name of the object that holds the content: the hash, with `-x` when executable. */
  readonly key: string;
  readonly isExecutable: boolean;
  /** Content of a file that says how its distribution is to be treated (see `isTelling`). */
  readonly text?: string;
}

const NAMESPACES = "namespace_packages.txt";
/** Files whose content `describe` looks into. */
export const isTelling = (path: string, sizeBytes: number): boolean =>
  path.endsWith(".pth") ||
  path.endsWith(`/${NAMESPACES}`) ||
  (sizeBytes <= SHARING_BYTES && path.endsWith("/__init__.py"));

/**
 * What an entry's id is the BLAKE3 of: a line for each file, sorted by path, with execute bit, content hash and path. The
 * same files give the same id, whatever archive they came in.
 */
export function canonicalList(files: readonly { readonly treePath: string; readonly key: string }[]): Buffer {
  const lines = files.map(({ treePath, key }) => `${treePath}\0${key}\n`);
  return Buffer.from(lines.sort().join(""));
}

/** The layout and the RECORD rows of an unpacked wheel. */
export function describe(
  wheel: Wheel,
  files: readonly StoredFile[],
): { readonly layout: StoreLayout; readonly recordRows: string } {
  const { info } = wheel.folders;
  const paths = (scheme: WheelFile["scheme"]) =>
    files.filter(({ file }) => file.scheme === scheme).map(({ file }) => file.treePath);
  const site = paths("site");
  const folders = [
    ...new Set(site.filter((path) => path.includes("/")).map((path) => path.slice(0, path.indexOf("/")))),
  ];
  const byPath = new Map(files.map((stored) => [stored.file.treePath, stored]));
  const namespaces = declaredNamespaces(byPath.get(`${info}/${NAMESPACES}`)?.text ?? "");
  const layout: StoreLayout = {
    name: wheel.name,
    version: wheel.version,
    infoDir: info,
    folders,
    sharedFolders: folders.filter(
      (name) => namespaces.includes(name) || isSharedFolder(name, initOf(byPath.get(`${name}/__init__.py`))),
    ),
    linkedFolders: linkedFolders(folders, {
      site,
      namespaces,
      initOf: (name) => initOf(byPath.get(`${name}/__init__.py`)),
    }),
    namespaces,
    files: site.filter((path) => !path.includes("/")),
    infoFiles: paths("info").map((path) => path.slice(info.length + 1)),
    data: files.flatMap((stored) => dataFile(wheel, stored)),
    consoleScripts: wheel.scripts.console,
    guiScripts: wheel.scripts.gui,
    isPurelib: wheel.isPurelib,
    startupHooks: files.filter(isStartupHook).map(({ file }) => file.treePath),
    fileCount: files.length,
    sizeBytes: files.reduce((sum, { file }) => sum + file.entry.sizeBytes, 0),
  };
  return { layout, recordRows: recordRows(wheel, files) };
}

const initOf = (stored: StoredFile | undefined) =>
  stored && { sizeBytes: stored.file.entry.sizeBytes, text: () => stored.text ?? "" };

function dataFile(wheel: Wheel, { file, isExecutable }: StoredFile): StoreLayout["data"] {
  if (file.scheme === "site" || file.scheme === "info") return [];
  const path = file.treePath.split("/").slice(2).join("/");
  return [{ scheme: file.scheme, tree: file.treePath, path, isExecutable, record: hashAndSize(wheel, file) }];
}

function recordRows(wheel: Wheel, files: readonly StoredFile[]): string {
  const own = `${wheel.folders.info}/RECORD`;
  return files
    .filter(({ file }) => (file.scheme === "site" || file.scheme === "info") && file.treePath !== own)
    .map(({ file }) => `${quote(file.treePath)},${hashAndSize(wheel, file)}\n`)
    .join("");
}

/** `sha256=…,123`; a signature of RECORD has a size only. */
function hashAndSize(wheel: Wheel, { entry }: WheelFile): string {
  const hash = wheel.record.get(entry.path)?.hash;
  const text = hash === undefined ? "" : `${hash.algorithm}=${Buffer.from(hash.hex, "hex").toString("base64url")}`;
  return `${text},${entry.sizeBytes}`;
}

const quote = (path: string): string => (/[",]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path);
