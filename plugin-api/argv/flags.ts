import { flagName, type Option } from "../option.ts";
import { perObject } from "../per-object.ts";

/** Options that a command line may have, by their names in code. */
export type Specs = Readonly<Record<string, Option>>;

/** Whether the next word of a command line is its value. */
export const takesText = (option: Option): boolean =>
  option.kind !== "flag" && !(option.kind === "text" && option.bare !== undefined);

/** What options are called on a command line; worked out once for each set of them. */
export const flagsOf = perObject((specs: Specs) => {
  /** Names in code by flag, `no-…` included. */
  const names = new Map<string, string>();
  /** Flags by letter. */
  const letters = new Map<string, string>();
  /** Words, with their dashes, whose next word is a value. */
  const taking = new Set<string>();
  for (const [name, option] of Object.entries(specs)) {
    const flag = flagName(name);
    if (takesText(option)) taking.add(`--${flag}`).add(`-${option.short ?? ""}`);
    if (option.argv === false) continue;
    names.set(flag, name);
    if (option.kind === "flag") names.set(`no-${flag}`, name);
    if (option.short) letters.set(option.short, flag);
  }
  return { names, letters, taking };
});

/** Both, the upper ones where they have a name in common; the same object for the same two. */
export const over = perObject((upper: Specs) => perObject((lower: Specs): Specs => ({ ...lower, ...upper })));

/** What was given for each option, by its name in code. */
type Given = ReadonlyMap<string, readonly (string | boolean)[]>;

/** All that was given for each, in order. */
export function joined(options: Iterable<readonly [string, readonly (string | boolean)[]]>): Given {
  const all = new Map<string, readonly (string | boolean)[]>();
  for (const [name, values] of options) all.set(name, [...(all.get(name) ?? []), ...values]);
  return all;
}
