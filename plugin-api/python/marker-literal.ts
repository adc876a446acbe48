// Markers quote text as Python does (PEP 508), so Python's escapes hold in it.
const ESCAPE = /\\(?:([\\'"abfnrtv\n])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([xuUN]))/g;

const PLAIN: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "",
};

/** The text a Python string literal stands for, given what lies between its quotes; undefined when Python would refuse it. */
export function readLiteral(body: string): string | undefined {
  if (!/[\\\n\r\0]/.test(body)) return body;
  // A line break, unless escaped, and a backslash that would escape the closing quote.
  if (/(?<!\\)[\n\r]|\0|(?<!\\)(?:\\\\)*\\$/.test(body)) return undefined;
  let isValid = true;
  const text = body.replace(ESCAPE, (escape: string, ...groups: (string | undefined)[]) => {
    const decoded = decodeEscape(groups);
    if (decoded === undefined) isValid = false;
    return decoded ?? escape;
  });
  return isValid ? text : undefined;
}

function decodeEscape([plain, octal, hex2, hex4, hex8]: readonly (string | undefined)[]): string | undefined {
  if (plain !== undefined) return PLAIN[plain];
  const code = octal === undefined ? Number.parseInt(hex2 ?? hex4 ?? hex8 ?? "", 16) : Number.parseInt(octal, 8);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** The escape of a control character. */
export const escapeControl = (mark: string): string => `\\x${mark.charCodeAt(0).toString(16).padStart(2, "0")}`;

/** A literal in double quotes where possible, in one line, of which `readLiteral` makes the same text. */
export function formatLiteral(text: string): string {
  const escaped = text
    // oxlint-disable-next-line no-control-regex -- they are what is escaped
    .replace(/\\(?=[\\'"abfnrtvxuUN0-7\0-\x1f\x7f]|$)/g, "\\\\")
    .replace(/[\0\n\r]/g, escapeControl);
  if (!escaped.includes('"')) return `"${escaped}"`;
  return escaped.includes("'") ? `"${escaped.replaceAll('"', "\\x22")}"` : `'${escaped}'`;
}
