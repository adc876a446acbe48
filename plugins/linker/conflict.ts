import fs from "node:fs";
import { PybunError } from "../../plugin-api/error.ts";
import type { Owner } from "./tree.ts";

/** `E_LINK_CONFLICT` for a path, relative to the environment's root, that two distributions want for themselves. */
export function conflict(relative: string, owner: Owner, other: Owner | undefined): PybunError {
  const context = { path: relative, package: owner.label, other: other?.label ?? null };
  if (!other)
    return new PybunError("E_LINK_CONFLICT", `${owner.label} would write over \`${relative}\`, which is not its own`, {
      evidence: ["nothing was changed"],
      context,
    });
  return new PybunError("E_LINK_CONFLICT", `${owner.label} and ${other.label} both bring \`${relative}\``, {
    evidence: ["with different content", "nothing was changed"],
    context,
  });
}

/** The environment's own: interpreter, standard library, configuration. */
export const protectedPlace = (relative: string, owner: Owner): PybunError =>
  new PybunError("E_LINK_CONFLICT", `${owner.label} would write over \`${relative}\` of the environment itself`, {
    evidence: ["nothing was changed"],
    context: { path: relative, package: owner.label, other: null },
  });

const STRAY_FOLDER = /^(?:tests?|testing|docs?|examples?|samples?|benchmarks?|scripts)\//i;
const MODULE = /\.(?:py[cdiw]?|so|dylib|pth|start)$/i;

/**
 * Files that don't belong in site-packages and that nobody imports from there: tests, documents and licences at the top.
 * They collide often, and no installer minds.
 */
export const isStray = (sitePath: string): boolean =>
  STRAY_FOLDER.test(sitePath) || (!sitePath.includes("/") && !MODULE.test(sitePath));

/** Whether two files hold the same; one inode does. */
export function isSameContent(one: string, other: string): boolean {
  const [a, b] = [fs.statSync(one), fs.statSync(other)];
  if (a.ino === b.ino && a.dev === b.dev) return true;
  return a.size === b.size && a.isFile() && b.isFile() && fs.readFileSync(one).equals(fs.readFileSync(other));
}
