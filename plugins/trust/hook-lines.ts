import type { TextStyle } from "../../plugin-api/report.ts";
import type { Hook } from "./hook.ts";

/** One line for each hook: package, file, beginning of the digest. */
export function hookLines(hooks: readonly Hook[], ui: TextStyle): string {
  const cells = hooks.map(({ package: name, version, file, sha256 }) => [
    version === "" ? name : `${name} ${version}`,
    file === "" ? "-" : file,
    sha256.slice(0, 16),
  ]) as readonly (readonly [string, string, string])[];
  const width = (column: 0 | 1): number => Math.max(...cells.map((row) => row[column].length));
  return cells
    .map(([name, file, digest]) => `${name.padEnd(width(0))}  ${file.padEnd(width(1))}  ${ui.dim(digest)}\n`)
    .join("");
}
