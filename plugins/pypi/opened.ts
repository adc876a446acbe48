import type { DistributionMetadata, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackRecord } from "../../plugin-api/pack/pack.ts";
import { openVersionPage, type PageRules } from "../../plugin-api/page/view.ts";
import { decodeMetadata } from "./metadata-record.ts";

// A process may answer many commands, and they mostly meet the same pages and metadata: each is opened once, and whatever
// others have worked out of it meanwhile goes with the object.

const MOST_PAGES = 2000;
const MOST_METADATA = 5000;

interface OpenedPage {
  readonly page: VersionPage;
  readonly note: string;
  readonly bytes: number;
  readonly rules: PageRules;
}
const pages = new Map<string, OpenedPage>();

/** The page in a record: as it was opened before, while the note says that it is the same. Throws `DamagedPage`. */
export function openedPage(key: string, { note, value }: PackRecord, rules: PageRules): VersionPage {
  const known = pages.get(key);
  if (known && known.note === note && known.bytes === value.length && areSame(known.rules, rules)) return known.page;
  const page = openVersionPage(value, undefined, rules);
  if (pages.size >= MOST_PAGES) pages.clear();
  pages.set(key, { page, note, bytes: value.length, rules });
  return page;
}

const areSame = (a: PageRules, b: PageRules): boolean =>
  a.precedence === b.precedence && a.excludeNewerMs === b.excludeNewerMs;

type Release = Pick<DistributionMetadata, "name" | "version">;
const metadata = new Map<string, { readonly value: Uint8Array | string; readonly opened: DistributionMetadata }>();

/** The metadata in a record, as it was opened before, while its bytes are the same. */
export function openedMetadata(key: string, value: Uint8Array, { name, version }: Release): DistributionMetadata {
  const known = metadata.get(key);
  const isSame = known?.opened.version === version && known.opened.name === name && areEqual(known.value, value);
  if (isSame) return known.opened;
  return keepOpened(key, value, { name, version, ...decodeMetadata(value) });
}

/** Takes metadata that was opened as what is in a record of these bytes. */
export function keepOpened(
  key: string,
  value: Uint8Array | string,
  opened: DistributionMetadata,
): DistributionMetadata {
  if (metadata.size >= MOST_METADATA) metadata.clear();
  metadata.set(key, { value, opened });
  return opened;
}

const areEqual = (known: Uint8Array | string, value: Uint8Array): boolean =>
  Buffer.compare(typeof known === "string" ? Buffer.from(known) : known, value) === 0;
