import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import { readHeaders } from "../../plugin-api/python/headers.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { recordedPaths } from "../../plugin-api/python/record.ts";
import { keptByState, settledContent } from "../../plugin-api/system/settled-state.ts";
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

/** So many questions are answered by RECORDs in which the name in question stands at all; for more, all are taken apart. */
const FEW = 8;

export function openKept(kept: readonly Installed[], site: string): Kept {
  let listings: readonly Listing[] | undefined;
  let asked = 0;
  return {
    ownerOf: (relative) => {
      listings ??= kept.map((installed) => listingOf(installed, site));
      const name = path.posix.basename(relative);
      const isSought = ++asked > FEW || name.includes('"') ? () => true : ({ text }: Listing) => text.includes(name);
      return listings.findLast((listing) => isSought(listing) && listing.paths().has(relative))?.owner();
    },
    touched: () => (listings ?? []).flatMap(({ known }) => known() ?? []).filter(isTouched),
  };
}

const isTouched = ({ expanded, dropped }: KeptDistribution): boolean => expanded.size > 0 || dropped.size > 0;

/** The RECORD of one that stays. */
interface Listing {
  readonly text: string;
  /** What it lists, relative to the environment's root. */
  readonly paths: () => ReadonlySet<string>;
  readonly owner: () => KeptDistribution;
  /** The owner, if anybody has asked for it. */
  readonly known: () => KeptDistribution | undefined;
}

function listingOf(installed: Installed, site: string): Listing {
  const text = recordOf(`${installed.infoPath}${path.sep}RECORD`);
  let paths: ReadonlySet<string> | undefined;
  let known: KeptDistribution | undefined;
  return {
    text,
    paths: () => (paths ??= new Set(rowsIn(text).map((row) => path.posix.join(site, row.replaceAll("\\", "/"))))),
    owner: () => (known ??= ownerFor(installed)),
    known: () => known,
  };
}

const ownerFor = (installed: Installed): KeptDistribution => ({
  label: `${installed.name} ${installed.version}`,
  isPurelib: isPurelib(installed.infoPath),
  installed,
  expanded: new Set(),
  dropped: new Set(),
});

/** None of a RECORD that can't be read: it stays, and says nothing of what else there is. */
function rowsIn(record: string): readonly string[] {
  try {
    return recordedPaths(record);
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

/** Of a few environments; mostly each is what it was when the last package was removed. */
const recordOf = keptByState(400, readOptional, settledContent);

function readOptional(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ENOTDIR")
      return "";
    throw error;
  }
}
