import type { Table } from "../../project/project-text.ts";
import { parsePackageName } from "../../python/package-name.ts";
import {
  isTomlTable,
  neededText,
  parsedField,
  type TomlFields,
  tablesField,
  textField,
  textsField,
} from "../../python/toml-fields.ts";
import { parseVersion } from "../../python/version.ts";
import { type GitPin, gitPin } from "./git-pin.ts";
import { anyOf, NO_VERSION, type Pin } from "./pin.ts";

/** What an entry of `[[package]]` says; undefined when it is from no index and no git repository. */
type ReadEntry = (entry: TomlFields) => { readonly markers: readonly string[]; readonly git?: GitPin } | undefined;

/** Pins of a lock whose `[[package]]` tables have `name` and `version`. Throws InvalidSyntax with the place. */
function pinsOf(document: Table, readEntry: ReadEntry): readonly Pin[] {
  const entries = tablesField({ table: document, path: "" }, "package") ?? [];
  return entries.flatMap((entry): readonly Pin[] => {
    const name = parsedField({ ...entry, table: { name: neededText(entry, "name") } }, "name", parsePackageName)!;
    const version = parsedField(entry, "version", parseVersion);
    const said = readEntry(entry);
    const marker = said && anyOf(said.markers);
    if (marker === undefined) return [];
    if (said?.git) return [{ name, version: version?.text ?? NO_VERSION, marker, git: said.git }];
    return version === undefined ? [] : [{ name, version: version.text, marker }];
  });
}

/** `uv.lock`: forks have `resolution-markers` of their own; a repository's URL says what was asked for, and the commit. */
export const uvPins = (document: Table): readonly Pin[] =>
  pinsOf(document, (entry) => {
    const { source } = entry.table;
    if (!isTomlTable(source)) return undefined;
    const markers = textsField(entry, "resolution-markers") ?? [];
    if (typeof source["git"] === "string") return fromGit(uvGitPin(source["git"]), markers);
    return typeof source["registry"] === "string" ? { markers } : undefined;
  });

/** `https://host/repo?branch=main&subdirectory=lib#commit` */
function uvGitPin(text: string): GitPin | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const said = (key: string) => url.searchParams.get(key) ?? undefined;
  const commit = url.hash.slice(1);
  const reference = said("rev") ?? said("tag") ?? said("branch");
  const subdirectory = said("subdirectory");
  const isLfs = said("lfs") === "true";
  url.hash = url.search = "";
  return gitPin({ url: url.href, commit, reference, subdirectory, isLfs });
}

const fromGit = (git: GitPin | undefined, markers: readonly string[]) => git && { markers, git };

/** `poetry.lock`: `markers` is one for all groups, or one for each; `HEAD` is what is meant where nothing is asked for. */
export const poetryPins = (document: Table): readonly Pin[] =>
  pinsOf(document, (entry) => {
    const { source, markers: written } = entry.table;
    const marker = isTomlTable(written) ? undefined : textField(entry, "markers");
    const markers = isTomlTable(written)
      ? Object.values(written).filter((each) => typeof each === "string")
      : marker === undefined
        ? []
        : [marker];
    if (!isTomlTable(source) || source["type"] === "legacy") return { markers };
    if (source["type"] !== "git") return undefined;
    const { url, reference, resolved_reference: commit, subdirectory } = source;
    return fromGit(
      gitPin({ url, commit, reference: reference === "HEAD" ? undefined : reference, subdirectory }),
      markers,
    );
  });

/** Where a package of PDM is from, when not from an index. */
const PDM_PLACES = ["git", "hg", "svn", "bzr", "url", "path"];

/** `pdm.lock`; entries that stand for extras of a package repeat its version. */
export const pdmPins = (document: Table): readonly Pin[] =>
  pinsOf(document, (entry) => {
    const marker = textField(entry, "marker");
    const markers = marker === undefined ? [] : [marker];
    const { git: url, ref: reference, revision: commit, subdirectory } = entry.table;
    if (url !== undefined) return fromGit(gitPin({ url, commit, reference, subdirectory }), markers);
    return PDM_PLACES.some((place) => place in entry.table) ? undefined : { markers };
  });
