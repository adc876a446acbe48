// Part of the start of the executable: it imports nothing.

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variables of a new program as `NAME=value` in Latin-1, a character a byte: those that stay as they were are the bytes
 * this process was given, in the same order, which need not be text. `given` is the block as the system keeps it, `known`
 * what the runtime made of it, `wanted` what the program is to see. Pure.
 */
export function rawVariables(
  given: string,
  known: Variables,
  wanted: Readonly<Record<string, string>>,
): readonly string[] {
  const added = new Map(Object.entries(wanted));
  const kept: string[] = [];
  for (const line of entriesOf(given)) {
    const end = line.indexOf("=", 1);
    const name = textOf(line.slice(0, end));
    const value = wanted[name];
    added.delete(name);
    if (value === undefined) {
      // What the runtime hides, as it does an empty TZ, nobody wanted to be gone.
      if (known[name] === undefined && !name.startsWith("BUN_")) kept.push(line);
    } else kept.push(value === known[name] ? line : bytesOf(`${name}=${value}`));
  }
  for (const [name, value] of added) kept.push(bytesOf(`${name}=${value}`));
  return kept;
}

/** The first variable that the runtime does not know as it was given: it is no text, or hidden; undefined where all are known. Pure. */
export function untold(given: string, known: Variables): string | undefined {
  for (const line of entriesOf(given)) {
    const name = textOf(line.slice(0, line.indexOf("=", 1)));
    if (!isText(line) || (known[name] === undefined && !name.startsWith("BUN_"))) return name;
  }
  return undefined;
}

/** Whether bytes in Latin-1 are UTF-8. Pure. */
export const isText = (bytes: string): boolean => isAscii(bytes) || bytesOf(textOf(bytes)) === bytes;

/** The words of a new program in Latin-1: those that this process was given are the same bytes, which need not be text. Pure. */
export function rawWords(given: () => string, words: readonly string[]): readonly string[] {
  if (!words.some((word) => word.includes(REPLACEMENT))) return words.map(bytesOf);
  const own = entriesOf(given());
  let at = 0;
  return words.map((word) => {
    if (!word.includes(REPLACEMENT)) return bytesOf(word);
    const found = own.findIndex((bytes, index) => index >= at && textOf(bytes) === word);
    if (found < 0) return bytesOf(word);
    at = found + 1;
    return own[found] as string;
  });
}

/** Stands in a text for bytes that are none. */
const REPLACEMENT = "\ufffd";
const isAscii = (text: string): boolean => !/[\u0080-\uffff]/.test(text);

/** The parts of a block in which each ends in a zero byte. */
const entriesOf = (block: string): readonly string[] => block.split("\0").slice(0, -1);
const textOf = (bytes: string): string => (isAscii(bytes) ? bytes : Buffer.from(bytes, "latin1").toString());
const bytesOf = (text: string): string => (isAscii(text) ? text : Buffer.from(text).toString("latin1"));
