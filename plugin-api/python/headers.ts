/** Header fields by lower-case name, each with its values in their order. */
export type Headers = ReadonlyMap<string, readonly string[]>;

const NAME = /^[!-9;-~]+$/;

/**
 * Reads the header block of a METADATA, PKG-INFO or WHEEL file as Python's e-mail parser does (RFC 822 as the core metadata
 * specification uses it): up to the first empty line, or the first that is neither a field nor a continuation. Values keep
 * their line breaks. Never throws.
 */
export function readHeaders(text: string, wanted?: ReadonlySet<string>): Headers {
  return readMessage(text, wanted).headers;
}

/** As `readHeaders`, with what follows the header block. `wanted`: the names of all fields that are asked for. */
export function readMessage(
  text: string,
  wanted?: ReadonlySet<string>,
): { readonly headers: Headers; readonly body: string } {
  const headers = new Map<string, string[]>();
  const endOfLine = text.includes("\r") ? endOfAnyLine : endOfUnixLine;
  // The values that a continuation belongs to the last of; none after a line that is skipped.
  let open: string[] | undefined;
  let colon = text.indexOf(":");
  let at = 0;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const first = text.charCodeAt(at);
    if (first === BLANK || first === TAB) {
      if (open !== undefined) open[open.length - 1] += `\n${text.slice(at, end)}`;
    } else {
      // Looked for once, however many lines have none.
      if (colon !== -1 && colon < at) colon = text.indexOf(":", at);
      const name = colon > at && colon < end ? fieldName(text.slice(at, colon)) : undefined;
      if (name === undefined) {
        open = undefined;
        if (end === at) return { headers, body: text.slice(nextLine(text, end)) };
        if (colon !== at && !text.startsWith("From ", at)) break;
      } else open = wanted === undefined || wanted.has(name) ? valuesOf(name, headers) : undefined;
      open?.push(valueFrom(text, colon + 1, end));
    }
    at = nextLine(text, end);
  }
  return { headers, body: text.slice(at) };
}

const BLANK = 32;
const TAB = 9;

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

/** What field names are in lower case, undefined where they are none: a few names stand in all files. */
const names = new Map<string, string | undefined>();
const MOST_NAMES = 1000;

function fieldName(written: string): string | undefined {
  let name = names.get(written);
  if (name === undefined && !names.has(written)) {
    name = NAME.test(written) ? written.toLowerCase() : undefined;
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
