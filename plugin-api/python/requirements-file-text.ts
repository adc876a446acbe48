import { InvalidSyntax } from "../error.ts";

/** A line of a requirements file: continuations joined, comment removed, variables replaced; never empty. */
export interface LogicalLine {
  /** 1-based number of its first physical line. */
  readonly line: number;
  readonly text: string;
}

// UTF-32's little-endian mark begins with UTF-16's.
const MARKS: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe, 0, 0], "utf-32le"],
  [[0, 0, 0xfe, 0xff], "utf-32be"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/** Python's names for what decoders know by another one. */
const ALIASES: Readonly<Record<string, string>> = { "latin-1": "iso-8859-1", latin1: "iso-8859-1", utf8: "utf-8" };

/**
 * The text of a requirements file as pip decodes it: by its byte order mark, else by the encoding that a comment in the
 * first two lines names (PEP 263), else as UTF-8. Throws InvalidSyntax.
 */
export function decodeRequirementsFile(bytes: Uint8Array): string {
  for (const [mark, encoding] of MARKS)
    if (mark.every((byte, index) => bytes[index] === byte)) return decode(bytes.subarray(mark.length), encoding);
  return decode(bytes, declaredEncoding(bytes) ?? "utf-8");
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1000)).toString("latin1");
  for (const line of head.split("\n", 2)) {
    const name = line.startsWith("#") ? /coding[:=]\s*([-\w.]+)/.exec(line)?.[1] : undefined;
    if (name !== undefined) return name.toLowerCase().replaceAll("_", "-");
  }
  return undefined;
}

function decode(bytes: Uint8Array, encoding: string): string {
  if (encoding.startsWith("utf-32")) return decodeUtf32(bytes, encoding.endsWith("le"));
  const label = ALIASES[encoding] ?? encoding;
  try {
    return new TextDecoder(label as "utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof RangeError) throw new InvalidSyntax(`its encoding \`${encoding}\` is not known`);
    if (cause instanceof TypeError) throw new InvalidSyntax(`it is not ${encoding}`);
    throw cause;
  }
}

function decodeUtf32(bytes: Uint8Array, isLittleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, isLittleEndian);
    if (code > 0x10ffff) throw new InvalidSyntax("it is not utf-32");
    text += String.fromCodePoint(code);
  }
  return text;
}

/** Where Python's `splitlines` parts a text. */
// oxlint-disable-next-line no-control-regex -- they end lines
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
const COMMENT = /(?:^|\s+)#.*$/s;

/**
 * The logical lines of a requirements file (pip's "Requirements File Format"): a backslash at the end joins the next line,
 * except behind a comment; `${NAME}` (upper-case letters, digits, underscores) stands for the variable of `env` where that
 * is set and not empty.
 */
export function logicalLines(text: string, env: Readonly<Record<string, string | undefined>>): readonly LogicalLine[] {
  const joined: { line: number; text: string }[] = [];
  let open: { line: number; text: string } | undefined;
  for (const [index, physical] of text.split(LINE_END).entries()) {
    const isComment = /^\s*#/.test(physical);
    const continues = physical.endsWith("\\") && !isComment;
    const part = continues ? physical.replace(/^\\+|\\+$/g, "") : isComment ? ` ${physical}` : physical;
    if (open) open.text += part;
    else open = { line: index + 1, text: part };
    if (continues) continue;
    joined.push(open);
    open = undefined;
  }
  if (open) joined.push(open);
  return joined
    .map(({ line, text: whole }) => ({ line, text: whole.replace(COMMENT, "").trim() }))
    .filter((each) => each.text !== "")
    .map(({ line, text: whole }) => ({ line, text: withVariables(whole, env) }));
}

const withVariables = (text: string, env: Readonly<Record<string, string | undefined>>): string =>
  text.replace(/\$\{([A-Z0-9_]+)\}/g, (all, name: string) => env[name] || all);

/** Words of a command line as a POSIX shell parts them: quotes and backslashes. Throws InvalidSyntax for an open quote. */
export function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      const end = closingQuote(text, at);
      const inner = text.slice(at + 1, end);
      word = (word ?? "") + (char === '"' ? inner.replace(/\\(["\\])/g, "$1") : inner);
      at = end;
    } else if (char === "\\" && at + 1 < text.length) word = (word ?? "") + text[++at]!;
    else word = (word ?? "") + char;
  }
  return word === undefined ? words : [...words, word];
}

function closingQuote(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === text[start]) return at;
    if (text[at] === "\\" && text[start] === '"') at++;
  }
  throw new InvalidSyntax(`this quote is never closed: ${text.slice(start)}`);
}
