/** Header fields by lower-case name, each with its values in their order. */
export type Headers = ReadonlyMap<string, readonly string[]>;

const NAME = /^[!-9;-~]+$/;

/**
 * Reads the header block of a METADATA, PKG-INFO or WHEEL file as Python's e-mail parser does (RFC 822 as the core metadata
 * specification uses it): up to the first empty line, or the first that is neither a field nor a continuation. Values keep
 * their line breaks. Never throws.
 */
export function readHeaders(text: string): Headers {
  return readMessage(text).headers;
}

/** As `readHeaders`, with what follows the header block. */
export function readMessage(text: string): { readonly headers: Headers; readonly body: string } {
  const fields: [name: string, value: string][] = [];
  const endOfLine = text.includes("\r") ? endOfAnyLine : endOfUnixLine;
  // The field that a continuation belongs to; none after a line that is skipped.
  let open: [name: string, value: string] | undefined;
  let at = 0;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    if (line.startsWith(" ") || line.startsWith("\t")) {
      if (open !== undefined) open[1] += `\n${line}`;
    } else {
      open = fieldOf(line);
      if (open !== undefined) fields.push(open);
      else if (line === "") return { headers: group(fields), body: text.slice(nextLine(text, end)) };
      else if (!/^(?::|From )/.test(line)) break;
    }
    at = nextLine(text, end);
  }
  return { headers: group(fields), body: text.slice(at) };
}

/** What field names are in lower case, undefined where they are none: a few names stand in all files. */
const names = new Map<string, string | undefined>();
const MOST_NAMES = 1000;

function fieldOf(line: string): [name: string, value: string] | undefined {
  const colon = line.indexOf(":");
  if (colon < 1) return undefined;
  const written = line.slice(0, colon);
  let name = names.get(written);
  if (name === undefined && !names.has(written)) {
    name = NAME.test(written) ? written.toLowerCase() : undefined;
    if (names.size >= MOST_NAMES) names.clear();
    names.set(written, name);
  }
  if (name === undefined) return undefined;
  let at = colon + 1;
  while (line[at] === " " || line[at] === "\t") at++;
  return [name, line.slice(at)];
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

function group(fields: readonly (readonly [name: string, value: string])[]): Headers {
  const headers = new Map<string, string[]>();
  for (const [name, value] of fields) {
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [value]);
    else values.push(value);
  }
  return headers;
}
