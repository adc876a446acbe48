/** Names in other scripts than ours are rare, and their pattern is dear. */
const isImportable = (name: string): boolean =>
  /^[\x20-\x7e]*$/.test(name) ? /^[a-z_]\w*$/i.test(name) : /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name);

/** An `__init__.py` of at most so many bytes may do nothing but share its folder with other distributions. */
export const SHARING_BYTES = 400;
const SHARING = /\b(?:extend_path|declare_namespace)\b/;

/**
 * Whether a folder of a wheel may also belong to other distributions: a namespace package (PEP 420), or one that was such
 * before there were any. Folders whose name can't be imported are nobody else's.
 *
 * @param name of the folder, without what leads to it
 * @param init its `__init__.py`; undefined when it has none
 */
export function isSharedFolder(
  name: string,
  init: { readonly sizeBytes: number; readonly text: () => string } | undefined,
): boolean {
  if (!init) return isImportable(name);
  return init.sizeBytes > 0 && init.sizeBytes <= SHARING_BYTES && SHARING.test(init.text());
}

/** Folders that setuptools' `namespace_packages.txt` declares as shared: dotted names there, paths here. */
export const declaredNamespaces = (text: string): readonly string[] =>
  text
    .split(/\s+/)
    .filter((name) => name !== "")
    .map((name) => name.replaceAll(".", "/"));
