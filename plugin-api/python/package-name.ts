import { InvalidSyntax } from "../error.ts";
import type { Extra, PackageName } from "../model/requirement.ts";

const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;
const NORMAL = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Normal form of a name (PEP 503): lower case, runs of `-_.` as one `-`. Nothing is checked: use it on names that come from parsers. */
export function normalizeName(text: string): PackageName {
  return (NORMAL.test(text) ? text : text.toLowerCase().replace(/[-_.]+/g, "-")) as PackageName;
}

/** A package's name in normal form (PEP 503, PEP 508). Throws InvalidSyntax when the text cannot be a name. */
export function parsePackageName(text: string): PackageName {
  if (!NAME.test(text)) throw new InvalidSyntax(`\`${text}\` is not a valid package name`);
  return normalizeName(text);
}

/** Whether the text may name a package (PEP 508), in any spelling. */
export const isPackageName = (text: string): boolean => NAME.test(text);

/** Whether the text is a package name in normal form already. */
export const isNormalizedName = (text: string): boolean => NORMAL.test(text);

/** An extra's name in normal form (PEP 685). Throws InvalidSyntax when the text cannot be a name. */
export function parseExtra(text: string): Extra {
  if (!NAME.test(text)) throw new InvalidSyntax(`\`${text}\` is not a valid extra name`);
  return normalizeName(text) as string as Extra;
}
