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
import { anyOf, type Pin } from "./pin.ts";

/** An entry of `[[package]]` and the markers of where it is chosen; undefined when it is from no index. */
type ReadMarkers = (entry: TomlFields) => readonly string[] | undefined;

/** Pins of a lock whose `[[package]]` tables have `name` and `version`. Throws InvalidSyntax with the place. */
function pinsOf(document: Table, readMarkers: ReadMarkers): readonly Pin[] {
  const entries = tablesField({ table: document, path: "" }, "package") ?? [];
  return entries.flatMap((entry): readonly Pin[] => {
    const name = parsedField({ ...entry, table: { name: neededText(entry, "name") } }, "name", parsePackageName)!;
    const version = parsedField(entry, "version", parseVersion);
    const markers = readMarkers(entry);
    const marker = markers && anyOf(markers);
    return version === undefined || marker === undefined ? [] : [{ name, version: version.text, marker }];
  });
}

/** `uv.lock`: releases of indexes; forks have `resolution-markers` of their own. */
export const uvPins = (document: Table): readonly Pin[] =>
  pinsOf(document, (entry) => {
    const { source } = entry.table;
    if (!isTomlTable(source) || typeof source["registry"] !== "string") return undefined;
    return textsField(entry, "resolution-markers") ?? [];
  });

/** `poetry.lock`: `markers` is one for all groups, or one for each. */
export const poetryPins = (document: Table): readonly Pin[] =>
  pinsOf(document, (entry) => {
    const { source, markers } = entry.table;
    if (isTomlTable(source) && source["type"] !== "legacy") return undefined;
    if (isTomlTable(markers)) return Object.values(markers).filter((each) => typeof each === "string");
    const marker = textField(entry, "markers");
    return marker === undefined ? [] : [marker];
  });

/** Where a package of PDM is from, when not from an index. */
const PDM_PLACES = ["git", "hg", "svn", "bzr", "url", "path"];

/** `pdm.lock`; entries that stand for extras of a package repeat its version. */
export const pdmPins = (document: Table): readonly Pin[] =>
  pinsOf(document, (entry) => {
    if (PDM_PLACES.some((place) => place in entry.table)) return undefined;
    const marker = textField(entry, "marker");
    return marker === undefined ? [] : [marker];
  });
