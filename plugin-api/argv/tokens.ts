/** A word of a command line by its kind: what `node:util`'s `parseArgs` calls a token when it is not strict. */
export type Token =
  | { readonly kind: "positional"; readonly index: number; readonly value: string }
  | { readonly kind: "option-terminator"; readonly index: number }
  | {
      readonly kind: "option";
      readonly index: number;
      /** Without dashes; a short form counts as its long one. */
      readonly name: string;
      /** As it was typed. */
      readonly rawName: string;
      readonly value: string | undefined;
    };

/** Options that are known; those that are not count as flags. */
export interface KnownOptions {
  /** Whether an option by this name takes the next word, or what follows it behind `=`. */
  takesText(name: string): boolean;
  /** The name that a letter stands for. */
  byLetter(letter: string): string | undefined;
}

/**
 * Gives the words of a command line their kinds, by POSIX's and GNU's rules: `--name value`, `--name=value`, `-n value`, `-nvalue`,
 * `-abc` for `-a -b -c`, `--` before words that are no options. Values stay as they are. `parseArgs` of `node:util` does the same; but
 * loading it takes a tenth of what most commands need.
 */
export function tokensOf(words: readonly string[], known: KnownOptions): readonly Token[] {
  const tokens: Token[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    if (word === "--") {
      tokens.push({ kind: "option-terminator", index });
      for (let i = index + 1; i < words.length; i++)
        tokens.push({ kind: "positional", index: i, value: words[i] as string });
      break;
    }
    if (word.length < 2 || !word.startsWith("-")) {
      tokens.push({ kind: "positional", index, value: word });
      continue;
    }
    const option = word.startsWith("--") ? [longOption(word, index)] : shortOptions(word, index, known);
    const last = option.at(-1) as OptionToken;
    const isOpen = last.value === undefined && known.takesText(last.name) && index + 1 < words.length;
    tokens.push(...option.slice(0, -1), isOpen ? { ...last, value: words[++index] as string } : last);
  }
  return tokens;
}

type OptionToken = Extract<Token, { kind: "option" }>;

function longOption(word: string, index: number): OptionToken {
  const equals = word.indexOf("=", 3);
  const rawName = equals < 0 ? word : word.slice(0, equals);
  return {
    kind: "option",
    index,
    name: rawName.slice(2),
    rawName,
    value: equals < 0 ? undefined : word.slice(equals + 1),
  };
}

/** One letter, or several of which the last may take what follows. */
function shortOptions(word: string, index: number, known: KnownOptions): readonly OptionToken[] {
  const options: OptionToken[] = [];
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    const name = known.byLetter(letter) ?? letter;
    const takesRest = known.takesText(name) && at + 1 < word.length;
    options.push({
      kind: "option",
      index,
      name,
      rawName: `-${letter}`,
      value: takesRest ? word.slice(at + 1) : undefined,
    });
    if (takesRest) break;
  }
  return options;
}
