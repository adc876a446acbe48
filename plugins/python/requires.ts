import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { parseSpecifier, type Specifier } from "../../plugin-api/python/specifier.ts";

/** Reads a `Requires-Python` text. Throws `E_PYTHON_NOT_FOUND` that names who wrote it. */
export function readRequires(text: string, origin: string): Specifier {
  try {
    return parseSpecifier(text);
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw new PybunError("E_PYTHON_NOT_FOUND", `\`${text}\`, asked by ${origin}, is not a version specifier`, {
      hints: ["write a range such as `>=3.10` or `>=3.10,<3.13`"],
      context: { request: text, origin },
      cause: error,
    });
  }
}
