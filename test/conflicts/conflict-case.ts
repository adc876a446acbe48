import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import type { Release } from "../harness/release.ts";

/** A conflict that people met: an index, a project that has no lock, and what is told about it. */
export interface ConflictCase {
  /** What puzzled people, one sentence. */
  readonly about: string;
  /** Where they asked: issues of other tools. */
  readonly met: readonly string[];
  readonly package: readonly Release[];
  /** Packages of an index that is asked first, called `extra`. */
  readonly extra?: readonly Release[];
  /** Path below the working directory -> content; `{EXTRA}` is the address of that index. */
  readonly files: Readonly<Record<string, string>>;
  /** Words behind `pybun`; default `lock`. */
  readonly run?: readonly string[];
  readonly exit: number;
  readonly code: string;
  /** Standard error in a pipe. */
  readonly text: string;
  /** `diagnostics[].context.conflicts[]`, a line for each: asker, then what leads to what. */
  readonly chains?: readonly string[];
  /** What JSON proposes, in its order; each is applied to the project as it was, and the command repeated. */
  readonly fix: readonly ExpectedFix[];
}

export interface ExpectedFix {
  readonly id: string;
  /** What a file holds afterwards that it did not hold before, or the command that is proposed. */
  readonly writes: string;
  /** `name version` of what is then locked, or printed by a command that is no lock. */
  readonly gives: readonly string[];
}

const KEYS = {
  case: ["about", "met", "package", "extra", "files", "run", "exit", "code", "text", "chains", "fix"],
  fix: ["id", "writes", "gives"],
} as const;

/** Reads a case. An unknown key is an error: a misspelled expectation would be none. */
export function readConflictCase(file: string): ConflictCase {
  const table = parse(fs.readFileSync(file, "utf8")) as unknown as ConflictCase;
  const check = (value: object, known: readonly string[]): void => {
    const unknown = Object.keys(value).find((key) => !known.includes(key));
    if (unknown !== undefined) throw new Error(`${path.basename(file)}: unknown key ${unknown}`);
  };
  check(table, KEYS.case);
  for (const fix of table.fix ?? []) check(fix, KEYS.fix);
  return { ...table, fix: table.fix ?? [] };
}
