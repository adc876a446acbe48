import { readPathFile } from "../../plugin-api/python/path-file.ts";
import templates from "./namespace-lines.txt" with { type: "text" };
import { isStdlibName } from "./stdlib.ts";

const PACKAGE = /sys\.modules\.setdefault\('([^']+)'/;
const DOTTED = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/**
 * Whether a `.pth` file does nothing but what setuptools writes for namespace packages (`NAME-nspkg.pth`): each line is
 * one that some version of it writes, character for character. One that would put an empty package in the place of a
 * module of the standard library is not.
 */
export function isNamespaceFile(text: string): boolean {
  const { executed, folders } = readPathFile(text);
  return folders.length === 0 && executed.length > 0 && executed.every((line) => isNamespaceLine(line.text));
}

function isNamespaceLine(line: string): boolean {
  const name = PACKAGE.exec(line)?.[1] ?? "";
  const parts = name.split(".");
  if (!DOTTED.test(name) || isStdlibName(parts[0] as string)) return false;
  const quoted = parts.map((part) => `'${part}'`);
  const place = parts.length === 1 ? `(${quoted[0]},)` : `(${quoted.join(", ")})`;
  const child = parts.at(-1) as string;
  const inParent = `;m and setattr(sys.modules['${parts.slice(0, -1).join(".")}'], '${child}', m)`;
  const expected = (template: string): string =>
    template.replaceAll("{path}", place).replaceAll("{package}", name) + (parts.length === 1 ? "" : inParent);
  return templates
    .trimEnd()
    .split("\n")
    .some((template) => expected(template) === line);
}
