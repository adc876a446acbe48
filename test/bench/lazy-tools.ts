import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";

/** A command-line tool that is tried with all its imports waiting. */
export interface LazyTool {
  readonly name: string;
  /** Default: the name. */
  readonly requirements?: readonly string[];
  readonly command: readonly [program: string, ...args: string[]];
  /** Entries for `run.lazy.deny`. */
  readonly deny?: readonly string[];
}
/** A source archive whose tests are run. */
export interface LazySuite {
  readonly name: string;
  /** Module whose imports wait. */
  readonly package: string;
  /** What its tests need besides. */
  readonly requirements?: readonly string[];
  /** Arguments for pytest. */
  readonly arguments?: readonly string[];
}

const { tool, suite } = parse(
  fs.readFileSync(path.join(import.meta.dirname, "lazy-tools.toml"), "utf8"),
) as unknown as { readonly tool: readonly LazyTool[]; readonly suite: readonly LazySuite[] };

export const lazyTools = tool;
export const lazySuites = suite;

/** Importers: all there are. */
export const EVERYTHING = ["*", "standard-library"] as const;

/** A configuration file with which all imports of these modules wait. */
export const lazyConfiguration = (importers: readonly string[], deny: readonly string[] = []): string =>
  `[run.lazy]\nmode = "all"\nimporters = ${JSON.stringify(importers)}\ndeny = ${JSON.stringify(deny)}\n`;
