/** Header fields by lower-case name, each with its values in their order. */
export type Headers = ReadonlyMap<string, readonly string[]>;

const FIELD = /^([!-9;-~]+):[ \t]*/;

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
  // The field that a continuation belongs to; none after a line that is skipped.
  let open: [name: string, value: string] | undefined;
  let at = 0;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    if (line.startsWith(" ") || line.startsWith("\t")) {
      if (open !== undefined) open[1] += `\n${line}`;
    } else {
      const match = FIELD.exec(line);
      open = match === null ? undefined : [match[1]!.toLowerCase(), line.slice(match[0].length)];
      if (open !== undefined) fields.push(open);
      else if (line === "") return { headers: group(fields), body: text.slice(nextLine(text, end)) };
      else if (!/^(?::|From )/.test(line)) break;
    }
    at = nextLine(text, end);
  }
  return { headers: group(fields), body: text.slice(at) };
}

function endOfLine(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  const end = feed === -1 ? text.length : feed;
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
