import type { WheelFile } from "../../plugin-api/archive/wheel-files.ts";
import { type RecordedFile, readWheelRecord } from "../../plugin-api/archive/wheel-record.ts";
import { readWheelScripts } from "../../plugin-api/archive/wheel-scripts.ts";
import type { DppParts } from "../../plugin-api/dpp/parts.ts";
import type { StoreLayout } from "../../plugin-api/model/store-layout.ts";
import { readHeaders } from "../../plugin-api/python/headers.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { declaredNamespaces, isSharedFolder, SHARING_BYTES } from "../../plugin-api/python/shared-folder.ts";
import { recordCuts } from "./cut-record.ts";
import { linkedFolders } from "./linked-folders.ts";
import type { StoredLayout } from "./record-rows.ts";
import { hashAndSize } from "./recorded-hash.ts";
import { isStartupHook } from "./startup-hook.ts";
import { type TreeFile, treeFiles } from "./tree-files.ts";

const NAMESPACES = "namespace_packages.txt";
/** Files whose content `describe` looks into. */
export const isTelling = (path: string, sizeBytes: number): boolean =>
  path.endsWith(".pth") ||
  path.endsWith(`/${NAMESPACES}`) ||
  (sizeBytes <= SHARING_BYTES && path.endsWith("/__init__.py"));

/** The content of a telling file, by its path in the tree. */
export type TextOf = (treePath: string) => string;

/** What linking has to know, drawn from an entry's record and its telling files: the same facts always give the same layout. */
export function describe(parts: DppParts, textOf: TextOf): StoredLayout {
  const { metadata, documents } = parts;
  const files = treeFiles(parts.files);
  const info = infoDirOf(files);
  const site = pathsOf(files, "site");
  const folders = [
    ...new Set(site.filter((path) => path.includes("/")).map((path) => path.slice(0, path.indexOf("/")))),
  ];
  const byPath = new Map(files.map((file) => [file.treePath, file]));
  const initOf = (folder: string) => {
    const init = byPath.get(`${folder}/__init__.py`);
    return init && { sizeBytes: init.sizeBytes, text: () => textOf(init.treePath) };
  };
  const declared = `${info}/${NAMESPACES}`;
  const namespaces = declaredNamespaces(byPath.has(declared) ? textOf(declared) : "");
  const scripts = readWheelScripts(textIn(documents["entry_points.txt"]), metadata.wheelFilename);
  const cuts = recordCuts(textIn(documents.RECORD), { infoDir: info, dataDir: dataDirOf(parts) });
  return {
    name: normalizeName(metadata.name),
    version: metadata.version,
    infoDir: info,
    folders,
    sharedFolders: folders.filter((name) => namespaces.includes(name) || isSharedFolder(name, initOf(name))),
    linkedFolders: linkedFolders(folders, { site, namespaces, initOf }),
    namespaces,
    files: site.filter((path) => !path.includes("/")),
    infoFiles: pathsOf(files, "info").map((path) => path.slice(info.length + 1)),
    data: dataFiles(files, parts),
    consoleScripts: scripts.console,
    guiScripts: scripts.gui,
    isPurelib: isPurelib(textIn(documents.WHEEL)),
    startupHooks: files.filter((file) => isStartupHook(file, textOf)).map(({ treePath }) => treePath),
    fileCount: files.length,
    sizeBytes: metadata.sizeBytes,
    ...(cuts !== undefined && { recordCuts: cuts }),
  };
}

const textIn = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();

const pathsOf = (files: readonly TreeFile[], wanted: WheelFile["scheme"]): readonly string[] =>
  files.filter(({ scheme }) => scheme === wanted).map(({ treePath }) => treePath);

const infoDirOf = (files: readonly TreeFile[]): string => pathsOf(files, "info")[0]?.replace(/\/.*$/s, "") ?? "";

/** `<name>-<version>.data`; only that folder may be at the top under such a name. */
const dataDirOf = ({ files }: DppParts): string | undefined =>
  files.map(({ path }) => path.slice(0, path.indexOf("/"))).find((top) => /\.data$/i.test(top));

const isPurelib = (text: string): boolean =>
  readHeaders(text).get("root-is-purelib")?.[0]?.trim().toLowerCase() === "true";

function dataFiles(files: readonly TreeFile[], { documents, metadata }: DppParts): StoreLayout["data"] {
  let record: ReadonlyMap<string, RecordedFile> | undefined;
  const data: StoreLayout["data"][number][] = [];
  for (const { scheme, path: recorded, treePath: tree, isExecutable, sizeBytes } of files) {
    if (scheme === "site" || scheme === "info") continue;
    record ??= readWheelRecord(textIn(documents.RECORD), metadata.wheelFilename);
    const path = tree.split("/").slice(2).join("/");
    data.push({ scheme, tree, path, isExecutable, record: hashAndSize(record.get(recorded), sizeBytes) });
  }
  return data;
}
