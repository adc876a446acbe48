import path from "node:path";
import { requirePython } from "../harness/python.ts";

type Filter = readonly [pattern: RegExp, word: string];

const python = requirePython();
const [major, minor] = python.version;

/** The interpreter of this machine, as paths and versions. */
const OWN_PYTHON: readonly Filter[] = [
  [new RegExp(`\\b${python.version.join("\\.")}\\b`, "g"), "3.X.Y"],
  [new RegExp(`\\b${major}\\.${minor}\\b`, "g"), "3.X"],
  [new RegExp(`\\b(?<what>c?py?|python|cpython-)${major}\\.?${minor}\\b`, "g"), "$<what>3X"],
];

/** Where its standard library is. */
const LIBRARY: Filter = [
  new RegExp(`${path.dirname(path.dirname(python.path)).replace(/[.+]/g, "\\$&")}(?=/lib/python)`, "g"),
  "[PREFIX]",
];

const PYTHON_PATH: Filter = [/(?<![\]\w.~])\/[^\s"]*?\/bin\/python[\d.]*(?=[\s"`),:]|$)/g, "[PYTHON]"];

/** What differs from machine to machine, from run to run, or with every change of the product, besides what every test leaves out. */
const OTHERS: readonly Filter[] = [
  // Interpreters that are found wherever a story is played.
  [/, \d\.\d+\.\d+ \(system\)/g, ""],
  [/^..\d\.\d+\.\d+ +system .*\n/gm, ""],
  [/(?<=data\/tmp\/)[\w-]+/g, "[UNIQUE]"],
  [/(?<="\w+_[mu]s": ?)\d+(\.\d+)?/g, "0"],
  [/\b(?:x86_64|aarch64|arm64|x64)\b/g, "[ARCH]"],
  [/\b\d+(\.\d+)?[BKMG]\b/g, "[SIZE]"],
  [/^\d{3,}$/gm, "[SIZE]"],
  [/(?<="commit": ?)"\w*"/g, '"[COMMIT]"'],
  [/\b(?<what>bun|PyBun|pybun) \d+\.\d+\.\d+/g, "$<what> [VERSION]"],
  [/(?<="\w*(?:[sS]ize|[bB]ytes)\w*": ?)\d+/g, "0"],
  [/\[NUMBER\]/g, "0"],
  // Blanks that align go with what had another width.
  [/(?<head>^ *path) {2,}/gm, "$<head>  "],
  [/ {2,}(?=\[SIZE\])/g, "  "],
  [/(?<word>\[[A-Z]+\]|3\.X(?:\.Y)?) {2,}/g, "$<word>  "],
];

/** Output with words for what differs; `pythons` says whose interpreters it may name. */
export const plain = (text: string, pythons: "machine" | "story"): string =>
  [PYTHON_PATH, LIBRARY, ...(pythons === "machine" ? OWN_PYTHON : []), ...OTHERS].reduce(
    (result, [pattern, word]) => result.replace(pattern, word),
    text,
  );
