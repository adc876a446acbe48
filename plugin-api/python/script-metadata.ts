import { InvalidSyntax } from "../error.ts";

/** The metadata block of a script (PEP 723), comment marks taken off. */
export interface ScriptMetadata {
  readonly block: "script";
  /** The block's content; line 1 of it is line `startLine + 1` of the script. */
  readonly toml: string;
  /** Line of `# /// script`, 1-based. */
  readonly startLine: number;
  /** Line of the closing `# ///`. */
  readonly endLine: number;
}

// The standard's expression, in which `.`, `^` and `$` know no line end but LF. Blocks are matched whatever their type, since
// one may hold a line that looks like the opening of another.
const BLOCK = /(?<![^\n])# \/\/\/ ([a-zA-Z0-9-]+)\n((?:#(?: [^\n]*)?\n)+)# \/\/\/(?![^\n])/g;

/**
 * A script's text as Python reads it: UTF-8 with or without byte order mark, any line ends. Invalid bytes become U+FFFD. Read
 * files with this, since `readScriptMetadata` follows the standard to the letter and finds no block in a file with CRLF.
 */
export const decodeScript = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8").decode(bytes).replace(/\r\n?/g, "\n");

/**
 * The block of type `script` in a script (PEP 723); undefined when there is none, also when one is opened and never closed.
 * Whether its content is TOML is not checked. Throws InvalidSyntax with the position of the second block when there are two.
 */
export function readScriptMetadata(text: string): ScriptMetadata | undefined {
  const blocks = [...text.matchAll(BLOCK)].filter((match) => match[1] === "script");
  const [block, second] = blocks;
  if (block === undefined) return undefined;
  const startLine = lineAt(text, block.index);
  if (second !== undefined) {
    const lines = `lines ${startLine} and ${lineAt(text, second.index)}`;
    throw new InvalidSyntax(`the script has more than one \`script\` block (${lines})`, second.index);
  }
  const content = block[2]!;
  const toml = content.replace(/(?<![^\n])# ?/g, "");
  return { block: "script", toml, startLine, endLine: startLine + 1 + content.split("\n").length - 1 };
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < position; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
