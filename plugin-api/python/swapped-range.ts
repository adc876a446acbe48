import { complementRange, intersectRanges, type KeyRange } from "./key-range.ts";
import { parseClause } from "./specifier.ts";
import { BEYOND_KEYS, keyAfterLocals, LOWEST_KEY, partsKey, type VersionParts } from "./version-key.ts";

/**
 * The versions for which a comparison holds that has the version on its right, as `"3.9" <= python_version` has: those that, written
 * behind the operator as a clause (PEP 440), admit the left side. `prefixLength`: how many numbers of such a version `~=` compares.
 * Local versions are left out, which most operators refuse. Undefined for `===`, which compares texts.
 */
export function swappedRange(operator: string, left: VersionParts, prefixLength: number): KeyRange | undefined {
  const key = partsKey({ ...left, local: undefined });
  const upTo: KeyRange = [LOWEST_KEY, `${key}\0`];
  switch (operator) {
    case "==":
      return [key, keyAfterLocals(left)];
    case "!=":
      return complementRange([key, keyAfterLocals(left)]);
    case "<=":
      return [key, BEYOND_KEYS];
    case ">=":
      return upTo;
    case "<": {
      // `< 3.9` keeps out the pre-releases of 3.9, and with them the left side if it is one.
      const release = partsKey({ ...left, pre: undefined, post: undefined, dev: undefined, local: undefined });
      const isPrerelease = left.pre !== undefined || left.dev !== undefined;
      const after: KeyRange = [keyAfterLocals(left), BEYOND_KEYS];
      return isPrerelease ? intersectRanges(after, complementRange([release, `${release}\0`])) : after;
    }
    case ">": {
      // `> 3.9` keeps out the post-releases of 3.9.
      const isPost = left.post !== undefined;
      const end = partsKey({ ...left, post: undefined, dev: isPost ? undefined : left.dev, local: undefined });
      return end > LOWEST_KEY ? [LOWEST_KEY, end] : [];
    }
    case "~=":
      return intersectRanges(
        upTo,
        parseClause(`==${left.epoch}!${left.release.slice(0, prefixLength).join(".")}.*`).bounds,
      );
    default:
      return undefined;
  }
}
