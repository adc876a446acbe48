import type { Option } from "../../plugin-api/option.ts";
import { flagName } from "../../plugin-api/option.ts";
import type { Catalogue } from "../../plugin-api/services.ts";

/** A word that may come next, and what it means. */
export interface Word {
  readonly word: string;
  readonly meaning: string;
}
/** An option as shells know it. */
export interface Flag {
  /** `--format`, and `-f` where there is one. */
  readonly names: readonly string[];
  readonly meaning: string;
  readonly takesValue: boolean;
  /** Values to offer; empty where files or anything else may stand. */
  readonly values: readonly string[];
}
/** A place in the tree of commands. */
export interface Node {
  /** Words of the command so far; empty for the program itself. */
  readonly path: string;
  readonly words: readonly Word[];
  readonly flags: readonly Flag[];
  /** What stands behind the first operand is another program's. */
  readonly handsOver: boolean;
}
/** Everything a completion script is made from. */
export interface Tree {
  readonly program: string;
  readonly nodes: readonly Node[];
  /** Options of every command. */
  readonly globals: readonly Flag[];
}

/** The commands of a catalogue as a tree of words. */
export function treeOf({ product, commands, globals }: Catalogue): Tree {
  const nodes = new Map<string, { words: Map<string, string>; flags: readonly Flag[]; handsOver: boolean }>();
  const at = (path: string) => {
    const node = nodes.get(path) ?? { words: new Map<string, string>(), flags: [], handsOver: false };
    nodes.set(path, node);
    return node;
  };
  for (const [path, { command }] of commands) {
    const parts = path.split(" ");
    for (const [index, part] of parts.entries()) {
      const parent = at(parts.slice(0, index).join(" "));
      const isLeaf = index === parts.length - 1;
      const meaning = isLeaf ? command.spec.brief : (parent.words.get(part) ?? `commands for ${part}`);
      parent.words.set(part, meaning);
    }
    const node = at(path);
    node.flags = flagsOf(command.spec.options);
    node.handsOver = command.spec.handsOver === true;
  }
  return {
    program: product.name,
    globals: flagsOf(globals),
    nodes: [...nodes].map(([path, { words, flags, handsOver }]) => ({
      path,
      words: [...words].map(([word, meaning]) => ({ word, meaning })),
      flags,
      handsOver,
    })),
  };
}

function flagsOf(options: Readonly<Record<string, Option>>): readonly Flag[] {
  return Object.entries(options).flatMap(([name, option]) => {
    if (option.argv === false) return [];
    const long = `--${flagName(name)}`;
    const short = option.short === undefined ? [] : [`-${option.short}`];
    const takesValue = option.kind !== "flag" && !(option.kind === "text" && option.bare !== undefined);
    const values = "choices" in option && option.choices ? option.choices : [];
    const flag = { names: [long, ...short], meaning: option.help, takesValue, values };
    const isOn = option.kind === "flag" && option.default === true;
    const off = { names: [`--no-${flagName(name)}`], meaning: `don't ${option.help}`, takesValue: false, values: [] };
    if (isOn) return [off];
    return option.isHidden === true ? [] : [flag];
  });
}

/** A name for functions of the script: letters, digits and underscores. */
export const identifier = (program: string): string => `_${program.replace(/[^A-Za-z0-9_]/g, "_")}`;

/** A text in single quotes, as bash, zsh and fish read it. */
export const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;
