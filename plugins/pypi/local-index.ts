import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { readFolderPage } from "./folder-index.ts";
import { readJsonIndexPage } from "./json-index.ts";
import type { IndexState, RuledIndex } from "./state.ts";

/** A package's page on an index of this machine: a JSON file that lists releases, or a folder of pages. */
export const readLocalPage = async (
  name: PackageName,
  index: RuledIndex,
  state: IndexState,
): Promise<VersionPage | undefined> =>
  index.format === "simple" ? readFolderPage(name, index, state) : readJsonIndexPage(name, index, state);
