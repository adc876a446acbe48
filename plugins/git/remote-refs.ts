/** A name on the remote side and the commit behind it. */
export interface RemoteRef {
  /** `HEAD`, `refs/heads/main`, … */
  readonly ref: string;
  readonly commit: string;
}

/** Patterns to ask `ls-remote` for, so that a server has to name few of its refs. */
export function patternsFor(reference: string | undefined): readonly string[] {
  if (reference === undefined) return ["HEAD"];
  const names = reference.startsWith("refs/")
    ? [reference]
    : [`refs/heads/${reference}`, `refs/tags/${reference}`, `refs/${reference}`];
  return [...names, ...names.map((name) => `${name}^{}`), ...(reference === "HEAD" ? ["HEAD"] : [])];
}

/**
 * What a reference means: a branch before a tag of the same name, as pip and git's own fetch have it. `listing`: output of
 * `ls-remote`, in which `^{}` follows the commit that an annotated tag stands for.
 */
export function chooseRef(reference: string | undefined, listing: string): RemoteRef | undefined {
  const refs = parseRefs(listing);
  for (const ref of patternsFor(reference)) {
    if (ref.endsWith("^{}")) continue;
    const commit = refs.get(`${ref}^{}`) ?? refs.get(ref);
    if (commit !== undefined) return { ref, commit };
  }
  return undefined;
}

/** Names of branches and tags, for telling what was perhaps meant. */
export const namesIn = (listing: string): readonly string[] =>
  [...parseRefs(listing).keys()].flatMap((ref) => /^refs\/(?:heads|tags)\/(.*[^}])$/.exec(ref)?.[1] ?? []);

function parseRefs(listing: string): ReadonlyMap<string, string> {
  const rows = listing.split("\n").map((line) => /^([0-9a-f]{40,64})\t(.+)$/.exec(line));
  return new Map(rows.flatMap((row) => (row === null ? [] : [[row[2], row[1]] as [string, string]])));
}
