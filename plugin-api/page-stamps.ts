import type { Diagnostic } from "./diagnostic.ts";
import type { Source } from "./model/distribution.ts";
import type { PackageName, PageName } from "./model/requirement.ts";
import { type ServiceKey, serviceKey } from "./service.ts";

/** A release that was chosen. */
export interface ChosenRelease {
  readonly name: PackageName;
  readonly source: Source;
}

/**
 * How an index plugin vouches for its answers to `fetch.versions`, so that what was made from them can be used again. A stamp
 * is a text that stays the same as long as the answers for these pages do.
 */
export interface PageStamps {
  /** Stamp of what this run was answered; undefined when one of the answers can't be vouched for. */
  used(names: readonly PageName[]): Promise<string | undefined>;
  /**
   * Stamp of what the answers would be now. Those too old to be given are asked for anew, all at once. Throws what
   * `fetch.versions` throws.
   */
  current(names: readonly PageName[]): Promise<string | undefined>;
  /** What is to be told of projects that something was chosen from. Kept with what was made, and told with it again. */
  notices?(chosen: readonly ChosenRelease[]): readonly Diagnostic[];
  /**
   * How what `current` said can be known to hold without looking at any page: until `untilS` (seconds since the epoch), while
   * `state` stays the same. Undefined where more decides. Without names, `untilS` is left out.
   */
  standing?(names?: readonly PageName[]): { readonly state: string; readonly untilS?: number } | undefined;
}

/**
 * The key under which a plugin provides its `PageStamps`. While a plugin that could be asked for a page by name provides none,
 * no resolution is kept.
 */
export const pageStampsOf = (plugin: string): ServiceKey<PageStamps> => serviceKey(`stamps of ${plugin}`);
