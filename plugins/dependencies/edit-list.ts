import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Requirement } from "../../plugin-api/model/requirement.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import {
  insertIntoTomlArray,
  itemsOfTomlArray,
  removeFromTomlArray,
  replaceInTomlArray,
} from "../../plugin-api/toml-array.ts";
import type { TomlPath } from "../../plugin-api/toml-document.ts";
import { addTomlTable } from "../../plugin-api/toml-edit.ts";
import { mergedText, requirementText } from "./requirement-text.ts";

/** What became of a list: the new text, and the requirement before and after where there was or is one. */
export interface ListEdit {
  readonly text: string;
  readonly from?: string;
  readonly to: string;
}

/**
 * The text of a project's file with a requirement in the list at `path`: at its place where the list is sorted, else at the end.
 * One of the same name that is there already is changed in place; of several, the one with the marker asked for. Only
 * the span of that entry changes. Pure. Throws `E_DEPENDENCY_AMBIGUOUS`, and InvalidSyntax where `path` is no list.
 */
export function putRequirement(
  text: string,
  path: TomlPath,
  asked: { readonly requirement: Requirement; readonly words?: string; readonly isPlacedElsewhere?: boolean },
): ListEdit {
  const { requirement, words, isPlacedElsewhere = false } = asked;
  const entries = entriesOf(text, path);
  const index = findEntry(entries, requirement);
  const declared = index === undefined ? undefined : entries[index]?.text;
  if (index !== undefined && declared !== undefined) {
    const to = mergedText(declared, requirement, isPlacedElsewhere);
    return { text: to === declared ? text : replaceInTomlArray(text, path, { index, value: to }), from: declared, to };
  }
  const to = words ?? requirementText(requirement);
  // Below a header of its own, as people write it.
  const open = path.length > 1 ? addTomlTable(text, path.slice(0, -1)) : text;
  return { text: insertIntoTomlArray(open, path, { index: placeFor(entries, to), value: to }), to };
}

/** The text without the requirements of a name in the list at `path`, and what they said. Pure. */
export function dropRequirement(
  text: string,
  path: TomlPath,
  name: string,
): { text: string; readonly gone: readonly string[] } {
  const entries = entriesOf(text, path);
  const gone = entries.flatMap((entry, index) => (entry.name === name ? [index] : []));
  return {
    text: gone.toReversed().reduce((edited, index) => removeFromTomlArray(edited, path, index), text),
    gone: gone.map((index) => (entries[index] as Entry).text),
  };
}

interface Entry {
  readonly text: string;
  /** Normal; undefined for what is no requirement, such as `{ include-group = "test" }`. */
  readonly name: string | undefined;
}

function entriesOf(text: string, path: TomlPath): readonly Entry[] {
  return (itemsOfTomlArray(text, path) ?? []).map((item) => ({ text: item, name: nameIn(item) }));
}

function nameIn(item: string): string | undefined {
  try {
    return parseRequirement(item).name;
  } catch (error) {
    if (error instanceof InvalidSyntax) return undefined;
    throw error;
  }
}

function findEntry(entries: readonly Entry[], { name, marker }: Requirement): number | undefined {
  const same = entries.flatMap((entry, index) => (entry.name === name ? [index] : []));
  const textAt = (index: number): string => (entries[index] as Entry).text;
  const met = same.filter((index) => parseRequirement(textAt(index)).marker === marker);
  if (met.length === 1) return met[0];
  if (marker !== "" || same.length === 0) return undefined;
  if (same.length === 1) return same[0];
  throw new PybunError(
    "E_DEPENDENCY_AMBIGUOUS",
    `\`${name}\` is declared ${same.length} times, with different markers`,
    {
      evidence: same.map(textAt),
      hints: [`say which one, with its marker: \`pybun add "${textAt(same[0] as number)}"\``],
      context: { name, entries: same.map(textAt) },
    },
  );
}

/** Ways in which people sort such lists. */
const ORDERS: readonly ((text: string) => string)[] = [
  (text) => normalizeName(/^[\w.-]+/.exec(text)?.[0] ?? text),
  (text) => text.toLowerCase(),
  (text) => text,
];

/** Before the first entry that comes after it, if the list is in an order; else behind the last one. */
function placeFor(entries: readonly Entry[], added: string): number {
  const texts = entries.flatMap((entry, index) => (entry.name === undefined ? [] : [{ text: entry.text, index }]));
  const order = ORDERS.find((key) =>
    texts.every(({ text }, at) => at === 0 || key((texts[at - 1] as { text: string }).text) <= key(text)),
  );
  if (order === undefined) return entries.length;
  return texts.find(({ text }) => order(text) > order(added))?.index ?? entries.length;
}
