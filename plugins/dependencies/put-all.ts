import type { TomlPath } from "../../plugin-api/toml-document.ts";
import type { Asked } from "./asked.ts";
import { putRequirement } from "./edit-list.ts";
import { dropSource, putSource, sourceOf } from "./sources.ts";

/** What became of one requirement. */
export interface Put {
  readonly name: string;
  /** As it stood in the list before; undefined for one that was added. */
  readonly from?: string;
  /** As it stands there now. */
  readonly to: string;
  /** Where it comes from was changed. */
  readonly isMoved: boolean;
}
export interface PutAll {
  readonly text: string;
  readonly puts: readonly Put[];
  /** The requirements that are new or changed, as they stand in the text. */
  readonly typed: ReadonlySet<string>;
}

/** Puts all that is asked for into the list at a key, and where it comes from beside it. Pure. Throws `E_DEPENDENCY_AMBIGUOUS`. */
export function putAll(
  before: string,
  { asked, at: path }: { readonly asked: readonly Asked[]; readonly at: TomlPath },
): PutAll {
  let text = before;
  const puts = new Map<string, Put>();
  for (const { requirement, words, source: place } of asked) {
    const { name } = requirement;
    const isPlacedElsewhere = place !== undefined && place["index"] === undefined;
    const edit = putRequirement(text, path, { requirement, isPlacedElsewhere, ...(words !== undefined && { words }) });
    text = edit.text;
    const isMoved = place !== undefined && JSON.stringify(sourceOf(text, name)) !== JSON.stringify(place);
    if (place !== undefined && isMoved) text = putSource(text, name, place);
    // What is written with its place must not have another one as well.
    if (requirement.url !== undefined) text = dropSource(text, name);
    const earlier = puts.get(name);
    const from = earlier ? earlier.from : edit.from;
    puts.set(name, { name, to: edit.to, isMoved, ...(from !== undefined && { from }) });
  }
  const typed = [...puts.values()].filter(({ from, to }) => from !== to).map(({ to }) => to);
  return { text, puts: [...puts.values()], typed: new Set(typed) };
}
