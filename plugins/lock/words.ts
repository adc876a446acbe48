import type { TextStyle } from "../../plugin-api/report.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { Change, Changes } from "./change.ts";

/** A list with indirect packages by name is at most this long (cli-text: digest). */
const LONGEST = 10;

/** The lines of a change list: all by name while they are few, else the direct ones, all changed ones and a count of the rest. */
export function changeLines({ all }: Changes, ui: TextStyle): readonly string[] {
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

/** `Locked 16 packages: 8 added, 6 removed`. */
export function summary({ all, count }: Changes, verb: string): string {
  const parts = (
    [
      ["+", "added"],
      ["~", "changed"],
      ["-", "removed"],
    ] as const
  )
    .map(([sign, word]) => [all.filter((each) => each.sign === sign).length, word] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`);
  return `${verb} ${counted(count, "package")}: ${parts.length === 0 ? "no version changed" : parts.join(", ")}`;
}
