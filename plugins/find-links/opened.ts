import type { DistributionFile, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { encodeVersionPage } from "../../plugin-api/page/encode.ts";
import { openVersionPage } from "../../plugin-api/page/view.ts";

/** A page, and what it was made without. */
export interface OpenedPage {
  readonly page: VersionPage;
  readonly skipped: readonly { readonly filename: string; readonly reason: string }[];
}

const MOST_PAGES = 2000;
// A process may answer many commands: while a place lists the same files, the page is the same object, and with it goes whatever others
// have worked out of it.
const pages = new Map<string, OpenedPage & { readonly listed: string }>();

/** The page of a package with these files of a place. */
export function openedPage(name: PackageName, index: string, files: readonly DistributionFile[]): OpenedPage {
  const key = `${index}\n${name}`;
  const listed = JSON.stringify(files);
  const known = pages.get(key);
  if (known?.listed === listed) return known;
  const skipped: { readonly filename: string; readonly reason: string }[] = [];
  const onSkip = (filename: string, reason: string): void => void skipped.push({ filename, reason });
  const page = openVersionPage(encodeVersionPage({ name, index, status: "active", files, onSkip }));
  const opened = { page, skipped, listed };
  if (pages.size >= MOST_PAGES) pages.clear();
  pages.set(key, opened);
  return opened;
}
