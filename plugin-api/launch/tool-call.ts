// Also part of the start of the executable: it imports nothing.

/** A call of `x` as it can be repeated without being read as a whole. */
export interface ToolCall {
  /** `x`, its options and the tool, as they were typed. */
  readonly words: readonly string[];
  readonly args: readonly string[];
}

/** Options that say which environment it is, and whether a value follows. */
const OPTIONS: ReadonlyMap<string, boolean> = new Map([
  ["--reuse", false],
  ["--python", true],
  ["--from", true],
  ["--with", true],
]);

/** Reads what stands behind `x`. Undefined where another option has a say, or something that is no name of a package. */
export function readToolCall(argv: readonly string[]): ToolCall | undefined {
  let at = 0;
  for (; argv[at]?.startsWith("-"); at++) {
    const [name = "", attached] = (argv[at] as string).split("=", 2);
    const takesValue = OPTIONS.get(name);
    if (takesValue === undefined || (attached !== undefined && !takesValue)) return undefined;
    const value = attached ?? (takesValue ? argv[++at] : "");
    if (value === undefined || (name !== "--python" && isPlace(value))) return undefined;
  }
  const tool = argv[at];
  if (tool === undefined || isPlace(tool)) return undefined;
  return { words: ["x", ...argv.slice(0, at + 1)], args: argv.slice(at + 1) };
}

/** What lies at a path or URL may be another thing the next time. */
const isPlace = (word: string): boolean => /[\\/]|^\./.test(word);
