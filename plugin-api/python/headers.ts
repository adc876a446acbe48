/** Header fields by lower-case name, each with its values in their order. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the header block of a METADATA, PKG-INFO or WHEEL file as Python's e-mail parser does (RFC 822 as the core metadata
 * specification uses it): up to the first empty line, or the first that is neither a field nor a continuation. Values keep
 * their line breaks. Never throws.
 */
export function readHeaders(text: string, wanted?: FieldNames): Headers {
  return readMessage(text, wanted).headers;
}

/** Names of fields in lower case, made of letters and hyphens, by their length. */
export type FieldNames = readonly (readonly string[] | undefined)[];

export function fieldNames(names: readonly string[]): FieldNames {
  const byLength: string[][] = [];
  for (const name of names) (byLength[name.length] ??= []).push(name);
  return byLength;
}

/** As `readHeaders`, with what follows the header block. `wanted`: the names of all fields that are asked for. */
export function readMessage(text: string, wanted?: FieldNames): { readonly headers: Headers; readonly body: string } {
  const headers = new Map<string, string[]>();
  const endOfLine = text.includes("\r") ? endOfAnyLine : endOfUnixLine;
  // The values that a continuation belongs to the last of; none after a line that is skipped.
  let open: string[] | undefined;
  let at = 0;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const first = text.charCodeAt(at);
    if (first === BLANK || first === TAB) {
      if (open !== undefined) open[open.length - 1] += `\n${text.slice(at, end)}`;
    } else {
      const colon = endOfName(text, at, end);
      if (colon < 0) {
        open = undefined;
        if (end === at) return { headers, body: text.slice(nextLine(text, end)) };
        if (first !== COLON && !text.startsWith("From ", at)) break;
      } else {
        const name = wanted === undefined ? fieldName(text.slice(at, colon)) : oneOf(wanted[colon - at], text, at);
        open = name === undefined ? undefined : valuesOf(name, headers);
        open?.push(valueFrom(text, colon + 1, end));
      }
    }
    at = nextLine(text, end);
  }
  return { headers, body: text.slice(at) };
}

const BLANK = 32;
const TAB = 9;
const COLON = 58;
const LAST_VISIBLE = 126;
/** What tells a small letter from the large one, in ASCII. */
const SMALL = 32;

/** Where the colon behind a field's name is; -1 where the line begins with none. */
function endOfName(text: string, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) return at === from ? -1 : at;
    if (code <= BLANK || code > LAST_VISIBLE) return -1;
  }
  return -1;
}

/** Which of the names, all as long as the one that stands there, that one is: of thousands of files most fields are passed over, and no text is made for those. */
function oneOf(names: FieldNames[number], text: string, from: number): string | undefined {
  for (const name of names ?? []) {
    let at = 0;
    while (at < name.length && (text.charCodeAt(from + at) | SMALL) === name.charCodeAt(at)) at++;
    if (at === name.length) return name;
  }
  return undefined;
}

function valuesOf(name: string, headers: Map<string, string[]>): string[] {
  let values = headers.get(name);
  if (values === undefined) headers.set(name, (values = []));
  return values;
}

function valueFrom(text: string, from: number, end: number): string {
  let at = from;
  while (at < end && (text.charCodeAt(at) === BLANK || text.charCodeAt(at) === TAB)) at++;
  return text.slice(at, end);
}

/** Field names in lower case: a few stand in all files. */
const names = new Map<string, string>();
const MOST_NAMES = 1000;

function fieldName(written: string): string {
  let name = names.get(written);
  if (name === undefined) {
    name = written.toLowerCase();
    if (names.size >= MOST_NAMES) names.clear();
    names.set(written, name);
  }
  return name;
}

function endOfUnixLine(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  return feed === -1 ? text.length : feed;
}

function endOfAnyLine(text: string, from: number): number {
  const end = endOfUnixLine(text, from);
  const line = text.slice(from, end);
  const carriage = line.indexOf("\r");
  return carriage === -1 ? end : from + carriage;
}

const nextLine = (text: string, end: number): number => (text.startsWith("\r\n", end) ? end + 2 : end + 1);
