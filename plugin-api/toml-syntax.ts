import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import { InvalidSyntax } from "./error.ts";

/**
 * The syntax tree of a TOML text (TOML 1.0), its ranges offsets into `text`. Throws InvalidSyntax with the offset, and without
 * one where tables and arrays are nested deeper than the stack reaches.
 */
export function tomlSyntax(text: string): AST.TOMLProgram {
  try {
    // A byte order mark is no character of TOML; a blank in its place keeps every offset.
    const source = text.replace(/^\uFEFF/, " ");
    // To this parser a `0` at the very end is empty.
    return parseTOML(/[\r\n]$/.test(source) ? source : `${source}\n`, { tomlVersion: "1.0.0" });
  } catch (error) {
    if (error instanceof ParseError) throw new InvalidSyntax(error.message, Math.min(error.index, text.length));
    if (error instanceof RangeError) throw new InvalidSyntax("tables and arrays are nested too deep");
    throw error;
  }
}
