import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import type { Fault } from "../harness/fault.ts";
import type { IndexData, RequestKind } from "../harness/index-server.ts";
import type { Release } from "../harness/release.ts";

/** A case as its file states it: an index, what goes wrong with it, files, and steps with what they must lead to. */
export interface Scenario {
  /** The behaviour somebody relies on, one sentence. */
  readonly about: string;
  readonly index?: Pick<IndexData, "form" | "ranges" | "etags" | "cacheControl" | "hasRelativeLinks">;
  readonly package?: readonly Release[];
  readonly fault?: readonly Fault[];
  /** Of a story: the only interpreters there are, none of which runs anything, and those that can be installed. */
  readonly pythons?: { readonly found: readonly string[]; readonly offered: readonly string[] };
  /** Path below the working directory -> content. */
  readonly files?: Readonly<Record<string, string>>;
  readonly step: readonly Step[];
}

export interface Step {
  /** Of a story (test/stories): the outcome that is shown, in a few words. */
  readonly shows?: string;
  /** Files that are written before this step; null removes. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Folder below the working directory to run in. */
  readonly in?: string;
  /** Words behind `pybun`. */
  readonly run?: readonly string[];
  /** Instead of `run`: a script with these requirements, which prints what is installed for it. */
  readonly requires?: readonly string[];
  /** Releases that are published before this step. */
  readonly publish?: readonly Release[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Default 0. */
  readonly exit?: number;
  /** Whole text, with times, paths and ports as words. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly "stdout-has"?: readonly string[];
  readonly "stderr-has"?: readonly string[];
  readonly "stderr-lacks"?: readonly string[];
  /** Code of the error in the envelope; the step then runs with `--format=json`. */
  readonly code?: string;
  /** Exactly what is installed: name -> version. Only with `requires`. */
  readonly installed?: Readonly<Record<string, string>>;
  /** Requests this step makes, by kind; kinds that are not named are not counted. */
  readonly requests?: Readonly<Partial<Record<RequestKind, number>>>;
  /** Paths below the working directory. */
  readonly exists?: readonly string[];
  readonly missing?: readonly string[];
}

const KEYS = {
  scenario: ["about", "index", "package", "fault", "pythons", "files", "step"],
  index: ["form", "ranges", "etags", "cacheControl", "hasRelativeLinks"],
  step: (
    "shows files in run requires publish env stdin exit stdout stderr stdout-has stderr-has stderr-lacks code installed requests " +
    "exists missing"
  ).split(" "),
} as const;

/** Reads a scenario. An unknown key is an error: a misspelled expectation would be none. */
export function readScenario(file: string): Scenario {
  const table = parse(fs.readFileSync(file, "utf8")) as unknown as Scenario;
  const check = (value: object, known: readonly string[], where: string): void => {
    const unknown = Object.keys(value).find((key) => !known.includes(key));
    if (unknown !== undefined) throw new Error(`${path.basename(file)}: unknown key ${unknown} in ${where}`);
  };
  check(table, KEYS.scenario, "the file");
  check(table.index ?? {}, KEYS.index, "[index]");
  for (const step of table.step) check(step, KEYS.step, "[[step]]");
  if (table.step.length === 0) throw new Error(`${path.basename(file)} has no step`);
  return table;
}
