/** Python's `\s`, for a class of a regular expression: JavaScript's lacks the four separators and NEL, and has the byte order mark. */
export const WHITE_SPACE: string = String.raw`\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const ONE = new RegExp(`[${WHITE_SPACE}]`);
const isWhiteSpace = (code: number): boolean =>
  code <= 0x20 ? code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f) : isUnusual(code);
const isUnusual = (code: number): boolean => code >= 0x85 && ONE.test(String.fromCharCode(code));

/** The text without white space at its ends, as Python's `str.strip()` sees it (the standards' reference implementation). */
export function stripWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start++;
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The words of a text, as Python's `str.split()` sees them. */
export const wordsOf = (text: string): readonly string[] => text.split(RUN).filter((word) => word !== "");
const RUN = new RegExp(`[${WHITE_SPACE}]+`);
