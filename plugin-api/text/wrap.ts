/** Prose never runs wider than this, however wide the terminal is. */
const WIDEST = 100;

// oxlint-disable-next-line no-control-regex -- colours take no columns
const ESCAPES = /\u001b\[[0-9;]*m/g;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NARROWEST = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** Columns a text takes in a terminal: colours and combining marks none, East Asian characters two. */
export function textColumns(text: string): number {
  // oxlint-disable-next-line no-control-regex -- asks for anything but plain ASCII
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const char of text.replace(ESCAPES, "")) columns += WIDE.test(char) ? 2 : NARROWEST.test(char) ? 0 : 1;
  return columns;
}

/** Cuts a text to `columns`, ending in `ellipsis`; the text must hold no colours. */
export function cut(text: string, columns: number, ellipsis: string): string {
  if (textColumns(text) <= columns) return text;
  let kept = "";
  let taken = ellipsis.length;
  for (const char of text) {
    taken += textColumns(char);
    if (taken > columns) break;
    kept += char;
  }
  return taken > columns && kept === "" && ellipsis.length > columns ? "" : kept + ellipsis;
}

/** Where continued lines start. */
export interface Wrapping {
  /** Columns of the stream; `Infinity` wraps never. */
  readonly width: number;
  /** Blanks before the first line. */
  readonly indent?: number;
  /** Blanks before further lines; default: as the first. */
  readonly hanging?: number;
}

/**
 * Prose broken at words to `min(width, 100)` columns. What stands in backticks is one word, however long: a command that
 * was broken could not be pasted.
 */
export function wrap(text: string, { width, indent = 0, hanging = indent }: Wrapping): readonly string[] {
  const limit = Math.min(width, WIDEST);
  const lead = " ".repeat(indent);
  if (width === Number.POSITIVE_INFINITY || indent + textColumns(text) <= limit) return [lead + text];
  const lines: string[] = [];
  let line = lead;
  let isEmpty = true;
  for (const word of text.match(/(?:`[^`]*`|[^\s`]|`)+/g) ?? []) {
    if (!isEmpty && textColumns(line) + 1 + textColumns(word) > limit) {
      lines.push(line);
      line = " ".repeat(hanging);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
