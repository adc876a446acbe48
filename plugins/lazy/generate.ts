import { DENIED, type LazyPolicy } from "./policy.ts";
import template from "./python/finder.py" with { type: "text" };

/** A Python module that stands by itself: the policy as constants, and a finder that follows it (SPEC LZY-04). */
export function generate({ allow, deny, fallback, logImports }: LazyPolicy): string {
  const constants: Readonly<Record<string, string>> = {
    ALLOW: tuple(allow),
    DENY: tuple([...DENIED, ...deny.filter((entry) => !entry.includes(":"))]),
    FALLBACK: fallback ? "True" : "False",
    LOG_IMPORTS: logImports ? "True" : "False",
  };
  return template.replaceAll(/^([A-Z_]+) = .*$/gm, (line, name: string) =>
    constants[name] === undefined ? line : `${name} = ${constants[name]}`,
  );
}

/** One to a line: such a file is looked at, and kept. */
const tuple = (names: readonly string[]): string =>
  names.length === 0 ? "()" : `(\n${names.map((name) => `    ${JSON.stringify(name)},\n`).join("")})`;
