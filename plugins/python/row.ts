import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";

/** An interpreter as `--format=json` lists it (SPEC PY-07). */
export const rowOf = (interpreter: Interpreter, isActive: boolean) => ({
  version: interpreter.version,
  implementation: interpreter.implementation,
  path: interpreter.path,
  source: interpreter.source,
  arch: interpreter.tags.arch,
  abi: abiOf(interpreter),
  managed: interpreter.source === "managed",
  active: isActive,
});

function abiOf({ implementation, tags }: Interpreter): string {
  if (implementation !== "cpython") return tags.abi ?? `${implementation}${tags.python.join("")}`;
  return `cp${tags.python.join("")}${tags.isFreeThreaded ? "t" : ""}`;
}

/** The version as one would ask for it: `3.12.1`, `3.13.0t`, `pypy 3.10.14`. */
export const shownVersion = ({ version, implementation, tags }: Interpreter): string =>
  `${implementation === "cpython" ? "" : `${implementation} `}${version}${tags.isFreeThreaded ? "t" : ""}`;

/** Relative below the current directory, `~/...` below the home directory, else absolute. */
export function shownPath(file: string, cwd: string, home: string): string {
  if (file.startsWith(cwd + path.sep)) return path.relative(cwd, file);
  return file.startsWith(home + path.sep) ? path.join("~", path.relative(home, file)) : file;
}
