import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { serviceKey } from "../../plugin-api/service.ts";

/** The places of `find-links`, each read once a run. Of use to this plugin only. */
export interface Shelves {
  /** One page per place in the order of the setting, also where it has no file of the package. */
  pages(name: PackageName): Promise<readonly VersionPage[]>;
  /** What the places list, all together; undefined when one of them is on a server. */
  identity(): Promise<string | undefined>;
}
export const Shelves = serviceKey<Shelves>("find-links");
