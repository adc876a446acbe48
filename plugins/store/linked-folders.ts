import { isSharedFolder } from "../../plugin-api/python/shared-folder.ts";

/** What a wheel puts into site-packages. */
export interface SiteContent {
  /** Paths of its files. */
  readonly site: readonly string[];
  /** Folders the wheel declares as shared, at any depth. */
  readonly namespaces: readonly string[];
  /** The `__init__.py` of a folder. */
  readonly initOf: (folder: string) => Parameters<typeof isSharedFolder>[1];
}

/**
 * The folders that an environment links to as a whole: the highest ones that are nobody else's. Those that several
 * distributions may share are real folders there, and their parts are linked.
 */
export function linkedFolders(top: readonly string[], content: SiteContent): readonly string[] {
  const { site, namespaces, initOf } = content;
  return top.flatMap((folder) => {
    const name = folder.slice(folder.lastIndexOf("/") + 1);
    if (!namespaces.includes(folder) && !isSharedFolder(name, initOf(folder))) return [folder];
    return linkedFolders(foldersIn(folder, site), content);
  });
}

function foldersIn(folder: string, site: readonly string[]): readonly string[] {
  const from = folder.length + 1;
  const names = new Set<string>();
  for (const path of site) {
    const end = path.startsWith(`${folder}/`) ? path.indexOf("/", from) : -1;
    if (end > 0) names.add(path.slice(0, end));
  }
  return [...names].filter((name) => !name.endsWith("/__pycache__"));
}
