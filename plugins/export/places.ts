import path from "node:path";
import { fileURLToPath } from "node:url";
import type { PackageName } from "../../plugin-api/model/requirement.ts";

/** A project that is installed itself, besides what it requires. */
export interface OwnProject {
  readonly name: PackageName;
  /** Absolute. */
  readonly folder: string;
}

/** `./lib`, `../lib` or `.`: a path for tools that take one without a separator for a name. */
export function relativeTo(folder: string, target: string): string {
  const relative = path.relative(folder, target).split(path.sep).join("/");
  if (relative === "") return ".";
  return /^\.\.(?:\/|$)/.test(relative) || path.isAbsolute(relative) ? relative : `./${relative}`;
}

/** The path of a `file:` URL, without its fragment; undefined for other URLs. */
export const pathOfUrl = (url: string): string | undefined =>
  url.startsWith("file:") ? fileURLToPath(url.split("#", 1)[0]!) : undefined;
