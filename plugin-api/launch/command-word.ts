// Imported by the start of the executable: nothing may be imported here.

/**
 * The first word of the command in a command line, behind options of every command; empty for none. `taking`: options whose next
 * word is their value, with their dashes. Letters in one word are not taken apart: the last of them may take a word all the same.
 */
export function commandWord(argv: readonly string[], taking: readonly string[]): string {
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    if (word === "--") return "";
    if (word.length < 2 || !word.startsWith("-")) return word;
    if (taking.includes(word)) at++;
  }
  return "";
}
