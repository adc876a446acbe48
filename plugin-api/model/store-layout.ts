/** What an entry's `tree/` holds, for linking. Paths have `/` and are relative to `tree/` unless said otherwise. */
export interface StoreLayout {
  readonly name: string;
  readonly version: string;
  /** `<name>-<version>.dist-info`. */
  readonly infoDir: string;
  /**
   * Top-level folders for site-packages, without `infoDir`; what lies below is not listed. Files of the wheel's
   * `.data/purelib` and `.data/platlib` were put beside the others when it was unpacked.
   */
  readonly folders: readonly string[];
  /** Those of `folders` that may also belong to other distributions (see `isSharedFolder`). */
  readonly sharedFolders: readonly string[];
  /** Folders, at any depth, that an environment may hold a link to; by their state an entry is known to be as it was made. */
  readonly linkedFolders: readonly string[];
  /** Folders the wheel declares as shared (`namespace_packages.txt`), at any depth. */
  readonly namespaces: readonly string[];
  /** Top-level files for site-packages. */
  readonly files: readonly string[];
  /** Relative to `infoDir`; RECORD is the wheel's own. */
  readonly infoFiles: readonly string[];
  /** The other `.data` files, which go to folders of the environment. */
  readonly data: readonly StoreDataFile[];
  readonly consoleScripts: readonly EntryPoint[];
  readonly guiScripts: readonly EntryPoint[];
  readonly isPurelib: boolean;
  /** Start-up hooks the wheel brings: `.pth` files with code, `.start` files, `sitecustomize`, `usercustomize`. */
  readonly startupHooks: readonly string[];
  readonly fileCount: number;
  readonly sizeBytes: number;
}

/**
 * The time of change of every folder in a tree: 1 January 1980. Whoever adds, removes or replaces a file in such a folder
 * gives it another one, also root, whom no permissions hold back. Seconds since 1970.
 */
export const SEALED_S = 315_532_800;

/** Whether a folder's time of change is still the one it was given. */
export const hasSealedTime = ({ mtimeMs }: { readonly mtimeMs: number }): boolean => mtimeMs === SEALED_S * 1000;

/** Folders of metadata with all that is in them, relative to `tree/`: the licenses, say. Installers write only beside them. */
export function infoFolders({ infoDir, infoFiles }: Pick<StoreLayout, "infoDir" | "infoFiles">): readonly string[] {
  const names = new Set(infoFiles.flatMap((file) => (file.includes("/") ? [file.slice(0, file.indexOf("/"))] : [])));
  return [...names].map((name) => `${infoDir}/${name}`);
}

/**
 * What lies beside `tree/` because environments have other names of it, by the beginnings of its names: texts, links to folders of the
 * tree, and a folder with bytecode in the form that is used beside files of an environment's own. Links and bytecode are named by
 * their place in the tree, see `nameOfPlace`.
 */
const INSTALLED = "installed-";
export const KEPT = { any: INSTALLED, link: `${INSTALLED}link-`, bytecode: `${INSTALLED}bytecode` } as const;

/** A path as one name. */
export const nameOfPlace = (place: string): string => place.replaceAll("%", "%25").replaceAll("/", "%2F");
export const placeOfName = (name: string): string => name.replaceAll("%2F", "/").replaceAll("%25", "%");

/**
 * A file in folders that hold links: other installers take a folder without a file for one that can go as a whole, with the
 * links of other distributions in it. It is empty, and so takes no block.
 */
export const SHARED_MARK = ".pybun";
export const SHARED_TEXT = "";

export interface StoreDataFile {
  readonly scheme: "scripts" | "data" | "headers";
  readonly tree: string;
  /** Relative to the scheme's folder. */
  readonly path: string;
  readonly isExecutable: boolean;
  /** The rest of its RECORD line when installed unchanged: `sha256=…,123`. */
  readonly record: string;
}
export interface EntryPoint {
  readonly name: string;
  readonly module: string;
  readonly attribute: string;
}
