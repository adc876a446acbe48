import type { TextStyle } from "../report.ts";
import { counted } from "./units.ts";

/** A package of one of two sets, such as a lock before and after; several versions where a lock forks. */
export interface Change {
  readonly sign: "+" | "-" | "~";
  readonly name: string;
  /** Empty for what is added. */
  readonly from: readonly string[];
  /** Empty for what is removed. */
  readonly to: readonly string[];
  /** The project asks for it itself. */
  readonly isDirect: boolean;
}

/** A list with indirect packages by name is at most this long (cli-text: digest). */
const LONGEST = 10;

/** The lines of a change list: all by name while they are few, else the direct ones, all changed ones and a count of the rest. */
export function changeLines(all: readonly Change[], ui: TextStyle): readonly string[] {
  const isShort = all.length <= LONGEST || ui.verbosity > 0;
  const named = all.filter(({ sign, isDirect }) => isShort || isDirect || sign === "~");
  const width = Math.max(0, ...named.map(({ name }) => name.length));
  const paint = { "+": ui.add, "-": ui.del, "~": ui.chg } as const;
  const lines = named.map(({ sign, name, isDirect, from, to }) => {
    const shown = (isDirect ? ui.name(name) : name) + " ".repeat(width - name.length);
    const versions = [from, to].filter((list) => list.length > 0).map((list) => list.join(", "));
    return ` ${paint[sign](sign)} ${shown}  ${versions.join(` ${ui.arrow} `)}`;
  });
  const hidden = (sign: Change["sign"]) =>
    isShort ? 0 : all.filter((each) => each.sign === sign && !each.isDirect).length;
  const [added, removed] = [hidden("+"), hidden("-")];
  return [
    ...lines,
    ...(added > 0 ? [` ${ui.add("+")} ${counted(added, "package")} they need`] : []),
    ...(removed > 0 ? [` ${ui.del("-")} ${counted(removed, "package")} nothing needs`] : []),
  ];
}

/** Sorted as a change list is shown: added, changed, removed, of each first what the project asks for itself, then by name. */
export function sortChanges(changes: readonly Change[]): readonly Change[] {
  const rank = ({ sign, isDirect }: Change): number => "+~-".indexOf(sign) * 2 + (isDirect ? 0 : 1);
  return changes.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}
