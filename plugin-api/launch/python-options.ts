// Also part of the start of the executable: it imports nothing.

/** An option as Python's own command line reads it, several in one word included (SPEC RUN-09). */
export interface PythonOption {
  /** `Bu` of `-Bu`, `W` of `-Werror`; empty for one with a long name. */
  readonly letters: string;
  /** The next word is its value. */
  readonly needsValue: boolean;
  /** It names what to run, code (`c`) or a module (`m`), and ends the options. */
  readonly ending?: "c" | "m";
  /** What stands behind that letter in the same word, as `pip` in `-mpip`. */
  readonly attached?: string;
}

const PLAIN = "bBdEiIOPRsSux";
const TAKING = "WX";
const LONG: ReadonlySet<string> = new Set(["--check-hash-based-pycs"]);

/** A word as options of Python; undefined for what is none, and for `-h`, `-q`, `-v` and `-V`, which are PyBun's own. */
export function readPythonOption(word: string): PythonOption | undefined {
  if (LONG.has(word)) return { letters: "", needsValue: true };
  if (!/^-[A-Za-z]/.test(word)) return undefined;
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] as string;
    if (PLAIN.includes(letter)) continue;
    const letters = word.slice(1, at + 1);
    const attached = word.slice(at + 1);
    const needsValue = attached === "";
    if (TAKING.includes(letter)) return { letters, needsValue };
    if (letter !== "c" && letter !== "m") return undefined;
    return { letters, needsValue, ending: letter, ...(!needsValue && { attached }) };
  }
  return { letters: word.slice(1), needsValue: false };
}

/** The letters of all options in a list of words, values left out. */
export function lettersOf(words: readonly string[]): string {
  let letters = "";
  for (let at = 0; at < words.length; at++) {
    const option = readPythonOption(words[at] as string);
    letters += option?.letters ?? "";
    if (option?.needsValue) at += 1;
  }
  return letters;
}
