import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import { readHeaders } from "../../plugin-api/python/headers.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRecord } from "../../plugin-api/python/record.ts";
import type { Owner } from "./tree.ts";

/** A distribution that stays as it is, unless a new one meets it at some place. */
export interface KeptDistribution extends Owner {
  readonly installed: Installed;
  /** Links of its own, relative to site-packages, that became real folders. */
  readonly expanded: Set<string>;
  /** Paths, relative to site-packages, that now belong to another distribution. */
  readonly dropped: Set<string>;
}

/** What is known of those that stay; their RECORDs are read when the first question is asked, which is rarely. */
export interface Kept {
  /** Owner of a path relative to the environment's root. */
  ownerOf(relative: string): KeptDistribution | undefined;
  /** Those whose RECORD has to be written anew. */
  touched(): readonly KeptDistribution[];
}

export function openKept(kept: readonly Installed[], site: string): Kept {
  let index: Map<string, KeptDistribution> | undefined;
  return {
    ownerOf: (relative) => (index ??= indexOf(kept, site)).get(relative),
    touched: () =>
      [...new Set(index?.values() ?? [])].filter(({ expanded, dropped }) => expanded.size > 0 || dropped.size > 0),
  };
}

function indexOf(kept: readonly Installed[], site: string): Map<string, KeptDistribution> {
  const index = new Map<string, KeptDistribution>();
  for (const installed of kept) {
    const owner: KeptDistribution = {
      label: `${installed.name} ${installed.version}`,
      isPurelib: isPurelib(installed.infoPath),
      installed,
      expanded: new Set(),
      dropped: new Set(),
    };
    for (const row of rowsIn(installed.infoPath)) index.set(path.posix.join(site, row.replaceAll("\\", "/")), owner);
  }
  return index;
}

/** None of a RECORD that can't be read: it stays, and says nothing of what else there is. */
function rowsIn(infoPath: string): readonly string[] {
  try {
    return parseRecord(readOptional(path.join(infoPath, "RECORD"))).map((row) => row.path);
  } catch (error) {
    if (error instanceof InvalidSyntax) return [];
    throw error;
  }
}

const isPurelib = (infoPath: string): boolean =>
  /^root-is-purelib:\s*true/im.test(readOptional(path.join(infoPath, "WHEEL")));

/** Whether a kept distribution asks for one of that name. */
export function requires({ installed }: KeptDistribution, name: string): boolean {
  const headers = readHeaders(readOptional(path.join(installed.infoPath, "METADATA")));
  const asked = (headers.get("requires-dist") ?? []).map((text) => /^\s*([\w.-]+)/.exec(text)?.[1] ?? "");
  return asked.some((each) => normalizeName(each) === name);
}

function readOptional(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ENOTDIR")
      return "";
    throw error;
  }
}
