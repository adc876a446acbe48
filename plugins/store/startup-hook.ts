import type { TextOf } from "./describe.ts";
import type { TreeFile } from "./tree-files.ts";

const SITE_MODULE = /^(?:sitecustomize|usercustomize)(?:\.[^/]+|\/__init__\.[^/]+)$/;
/** Files of the data scheme can reach site-packages, too. */
const SITE_PACKAGES = /^[^/]*\.data\/data\/(?:.*\/)?(?:site|dist)-packages\//i;
const EXECUTED_LINE = /^(?:\ufeff)?import[ \t]/m;

/**
 * Whether Python would run this file at every start (SPEC SEC-05): `.pth` files with a line that begins with `import`,
 * `.start` files (PEP 829), `sitecustomize` and `usercustomize`.
 */
export function isStartupHook({ treePath, scheme }: Pick<TreeFile, "treePath" | "scheme">, textOf: TextOf): boolean {
  if (scheme !== "site" && scheme !== "data") return false;
  const place = scheme === "site" ? treePath : treePath.replace(SITE_PACKAGES, "");
  if (place === treePath && scheme === "data") return false;
  if (place.startsWith("customize", 4) && SITE_MODULE.test(place)) return true;
  if (place.includes("/")) return false;
  return place.endsWith(".start") || (place.endsWith(".pth") && EXECUTED_LINE.test(textOf(treePath)));
}
