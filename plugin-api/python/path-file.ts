/** A line of a `.pth` file that Python acts on. */
export interface PathLine {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
}

/** All that some Python takes for the end of a line: 3.13 splits as `str.splitlines` does, in bytes of another encoding too. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const LINE_END = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029\ufffd]/;

/** What the `site` module makes of a `.pth` file: lines that it executes, and folders that it adds to the module path. */
export function readPathFile(text: string): {
  readonly executed: readonly PathLine[];
  readonly folders: readonly PathLine[];
} {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(LINE_END)
    .map((line, index) => ({ number: index + 1, text: line.trimEnd() }))
    .filter((line) => line.text.trim() !== "" && !line.text.startsWith("#"));
  const isExecuted = (line: PathLine): boolean => /^import[ \t]/.test(line.text);
  return { executed: lines.filter(isExecuted), folders: lines.filter((line) => !isExecuted(line)) };
}
