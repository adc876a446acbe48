import { InvalidSyntax } from "../../plugin-api/error.ts";

/**
 * The words of a command as a POSIX shell splits them: at blanks, with quotes and backslashes. Nothing is replaced: variables
 * and patterns are a shell's, and a command without one means the same on every system. Throws InvalidSyntax.
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word ??= "";
    if (char === "\\") word += text[++at] ?? "\\";
    else if (char === "'" || char === '"') {
      const [part, end] = quoted(text, at);
      word += part;
      at = end;
    } else word += char;
  }
  return word === undefined ? words : [...words, word];
}

/** The words as one text that `splitWords` takes apart again. */
export const joinWords = (words: readonly string[]): string =>
  words.map((word) => (/^[^\s"'\\]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");

/** What stands between the quote at `start` and its like, and where that is. */
function quoted(text: string, start: number): readonly [part: string, end: number] {
  const quote = text[start];
  let part = "";
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at] as string;
    if (char === quote) return [part, at];
    if (quote === '"' && char === "\\" && /["\\$`\n]/.test(text[at + 1] ?? "")) part += text[++at];
    else part += char;
  }
  throw new InvalidSyntax(`a ${quote} is never closed`, start);
}
