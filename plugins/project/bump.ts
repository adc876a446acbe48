import type { Version } from "../../plugin-api/python/version.ts";
import type { Phase } from "../../plugin-api/python/version-key.ts";

/** Parts of a version that can be raised, in the order in which they are when there are several. */
export const PARTS = ["major", "minor", "patch", "stable", "alpha", "beta", "rc", "post", "dev"] as const;
export type BumpedPart = (typeof PARTS)[number];

/** A part to raise by one, or to set. */
export interface Bump {
  readonly part: BumpedPart;
  readonly value?: number;
}
type Fields = Pick<Version, "epoch" | "release" | "pre" | "post" | "dev">;

const RELEASE = { major: 0, minor: 1, patch: 2 } as const;
const PHASES = { alpha: "a", beta: "b", rc: "rc" } as const satisfies Readonly<Record<string, Phase>>;

/**
 * The version with parts of it raised (PEP 440, "Version scheme"): what ranks below a raised part begins anew, a local part goes.
 * Pure; whether the result is a higher version is not looked at.
 */
export function bumped(version: Version, bumps: readonly Bump[]): string {
  const inOrder = bumps.toSorted((a, b) => PARTS.indexOf(a.part) - PARTS.indexOf(b.part));
  return format(inOrder.reduce<Fields>(raised, version));
}

function raised(version: Fields, { part, value }: Bump): Fields {
  const { epoch, release, pre, post, dev } = version;
  const final = { epoch, release, pre: undefined, post: undefined, dev: undefined };
  const next = (now: number | undefined): number => value ?? (now ?? 0) + 1;
  switch (part) {
    case "major":
    case "minor":
    case "patch": {
      const at = RELEASE[part];
      const length = Math.max(release.length, at + 1);
      const numbers = Array.from({ length }, (_, place) => (place < at ? (release[place] ?? 0) : 0));
      numbers[at] = next(release[at]);
      return { ...final, release: numbers };
    }
    case "stable":
      return final;
    case "post":
      return { epoch, release, pre, post: next(post), dev: undefined };
    case "dev":
      return { epoch, release, pre, post, dev: next(dev) };
    default: {
      const phase = PHASES[part];
      return { ...final, pre: [phase, next(pre?.[0] === phase ? pre[1] : undefined)] };
    }
  }
}

function format({ epoch, release, pre, post, dev }: Fields): string {
  const parts = [
    epoch === 0 ? "" : `${epoch}!`,
    release.join("."),
    pre?.join("") ?? "",
    post === undefined ? "" : `.post${post}`,
    dev === undefined ? "" : `.dev${dev}`,
  ];
  return parts.join("");
}
