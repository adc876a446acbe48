import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { filesBelow } from "../harness/files.ts";

/** One step of what a person, or the other end of a line, does at a terminal. */
export type Step =
  /** Waits until this was shown, after what the step before waited for. */
  | { readonly see: string }
  /** Waits until this file has a whole line, for a program that outlives who started it. */
  | { readonly file: string }
  /** Types; `^C` and its like are keys. */
  | { readonly type: string }
  /** Waits until the program is stopped, as a shell that then prompts. */
  | { readonly do: "see-stop" }
  /** Waits until the program waits: for time to pass, or for input. */
  | { readonly do: "see-sleep" }
  /** The shell's `fg` and `bg`; the line is cut; the terminal gets another size. */
  | { readonly do: "fg" | "bg" | "hang-up" | "resize" };

/** A program that has to do the same however it is started. */
export interface Program {
  readonly file: string;
  readonly name: string;
  /** `prog.py`. */
  readonly source: string;
  /** Further files: path -> content. */
  readonly files: Readonly<Record<string, string>>;
  /** Words behind `python`, or behind `pybun run`. */
  readonly run: readonly string[];
  /** Undefined for nothing to read (`/dev/null`). */
  readonly stdin: string | undefined;
  /** In place of `run`, lines for bash, in which `$RUN` stands for `python` or `pybun run`, `$VIA` for nothing or `pybun run`. */
  readonly shell: string | undefined;
  /** What happens at the terminal that it is started in; undefined for none. */
  readonly terminal: readonly Step[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** The oldest Python that has what is looked at. */
  readonly since: string | undefined;
  readonly only: "linux" | undefined;
  /** What may differ, and why. */
  readonly differs: readonly Differing[];
  /** What is another thing when a fork server has run it, and why: exactly that, and in no other way. */
  readonly served: readonly Served[];
  /** Left to `npm run differential`, because it starts Python many times or waits. */
  readonly isSlow: boolean;
  /** Why it is not compared where PyBun hands the output on as JSON. */
  readonly uncaptured: string | undefined;
  /** Why no fork server can be there for it. */
  readonly unserved: string | undefined;
}
export interface Differing {
  readonly pattern: RegExp;
  readonly why: string;
}

export interface Served {
  readonly python: string;
  readonly pybun: string;
  readonly why: string;
}

const FOLDER = path.join(import.meta.dirname, "programs");
const KEYS = new Set(
  "name source files run stdin shell terminal env since only differs uncaptured served unserved slow".split(" "),
);

/** Reads the programs of all files; a key that is not known, and a name given twice, is an error. */
export function readPrograms(): readonly Program[] {
  const programs = filesBelow(FOLDER, ".", (name) => name.endsWith(".toml")).flatMap(readFile);
  const names = programs.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two programs are named ${twice}`);
  return programs;
}

type Row = Readonly<Record<string, unknown>>;

function readFile(file: string): readonly Program[] {
  const table = parse(fs.readFileSync(path.join(FOLDER, file), "utf8")) as unknown as {
    readonly program: readonly Row[];
  };
  return table.program.map((row) => {
    const unknown = Object.keys(row).find((key) => !KEYS.has(key));
    if (unknown !== undefined) throw new Error(`${file}: unknown key ${unknown}`);
    const text = (key: string): string | undefined => row[key] as string | undefined;
    const words = row["run"] as string | readonly string[] | undefined;
    return {
      file,
      name: text("name") ?? "",
      source: text("source") ?? "",
      files: (row["files"] ?? {}) as Program["files"],
      run: words === undefined ? ["prog.py"] : typeof words === "string" ? words.split(" ") : words,
      stdin: text("stdin"),
      shell: text("shell"),
      terminal: row["terminal"] as Program["terminal"],
      env: (row["env"] ?? {}) as Program["env"],
      since: text("since"),
      only: text("only") as Program["only"],
      differs: ((row["differs"] ?? []) as { pattern: string; why: string }[]).map(({ pattern, why }) => ({
        pattern: new RegExp(pattern, "g"),
        why,
      })),
      served: (row["served"] ?? []) as Program["served"],
      isSlow: row["slow"] === true,
      uncaptured: text("uncaptured"),
      unserved: text("unserved"),
    };
  });
}
