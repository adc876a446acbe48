// Python's idea of white space: JavaScript's `\s` lacks the four separators and NEL, and has the byte order mark.
// oxlint-disable-next-line no-control-regex -- Python counts them as white space
const EDGES = /^(?:(?!\ufeff)[\s\x1c-\x1f\x85])+|(?:(?!\ufeff)[\s\x1c-\x1f\x85])+$/g;

/** The text without white space at its ends, as Python's `str.strip()` sees it (the standards' reference implementation). */
export function stripWhiteSpace(text: string): string {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  const isClean = first > 32 && first < 127 && last > 32 && last < 127;
  return isClean ? text : text.replace(EDGES, "");
}
