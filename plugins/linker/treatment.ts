import type { LinkMode } from "../../plugin-api/model/environment.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";

/**
 * How the files of a distribution are put in: folders as links to the store; real folders of files; real folders of copies
 * that may be written to.
 */
export type Treatment = "links" | "files" | "copies";

/**
 * Never linked as a folder (SPEC LNK-03), because their files reach into sibling distributions by relative path: shared
 * libraries whose RUNPATH is `$ORIGIN/../../nvidia/…`. The loader resolves that in the store, where the sibling is not.
 */
const REACHING: readonly RegExp[] = [
  /^torch$/,
  /^tensorflow$/,
  /^nvidia-/,
  /^jax-cuda/,
  /^cuda-(?:toolkit|runtime|bindings)/,
];

/** Never shared with the store, because they write into their own folder: drivers, browsers and modules they download. */
const WRITING: readonly RegExp[] = [
  /^chromedriver-(?:autoinstaller|binary(?:-auto)?)$/,
  /^geckodriver-autoinstaller$/,
  /^choreographer$/,
  /^robotframework-browser$/,
];

/**
 * Tools that take every file for somebody else's that does not really lie in site-packages: with links, `coverage` measures
 * all dependencies, and PyInstaller puts shared libraries out of their folders. Where one of them is, folders are real.
 */
const RESOLVING: readonly RegExp[] = [/^coverage$/, /^pyinstaller$/, /^cx-freeze$/, /^nuitka$/];

const isIn = (list: readonly RegExp[], name: string): boolean => list.some((pattern) => pattern.test(name));

/** Decided once for an environment: how its packages are put in. */
export interface Treating {
  readonly mode: Exclude<LinkMode, "auto">;
  /** Names of the setting `link.copy`; `*` at the end stands for any text. */
  readonly copied: readonly string[];
}

export function treatmentOf(name: PackageName, { mode, copied }: Treating): Treatment {
  if (mode === "copy" || isIn(WRITING, name) || copied.some((pattern) => isNamed(pattern, name))) return "copies";
  return mode === "tree" && !isIn(REACHING, name) ? "links" : "files";
}

const isNamed = (pattern: string, name: string): boolean => {
  const normal = pattern.toLowerCase().replace(/[-_.]+/g, "-");
  return normal.endsWith("*") ? name.startsWith(normal.slice(0, -1)) : name === normal;
};

/** What `auto` means on a platform, in an environment of these packages. */
export function automaticMode(platform: string, names: Iterable<string>): Treating["mode"] {
  // A junction is no link to Python before 3.12, and other installers would delete through it.
  if (platform === "win32") return "clone";
  for (const name of names) if (isIn(RESOLVING, name)) return "clone";
  return "tree";
}
