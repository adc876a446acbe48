import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { shellWords } from "../../plugin-api/python/requirements-file-text.ts";
import { filesBelow } from "../harness/files.ts";
import type { Release } from "../harness/release.ts";

/** What is done with pip and with PyBun, in the same surroundings. */
export interface PipCase {
  readonly name: string;
  /** Path below the working directory -> content. `{index}`, `{links}` and `{work}` stand for the index, the folder of archives and the working directory. */
  readonly files: Readonly<Record<string, string>>;
  /** Words behind `pip`, one call each. */
  readonly run: readonly (readonly string[])[];
  /** Standard output of the last call is the same, too: byte by byte, or as JSON but for the installers' names and versions. */
  readonly stdout: boolean | "json";
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the files that is a git repository of one commit, tagged `v1`. */
  readonly repository: string | undefined;
  /** Words that only PyBun is given, for what it does by other means. */
  readonly more: readonly string[];
}
export interface PipCases {
  readonly file: string;
  readonly packages: readonly Release[];
  readonly cases: readonly PipCase[];
}

const KEYS = ["name", "files", "run", "stdout", "env", "more", "repository"];

/** Reads the cases of all files; a key that is not known is an error. */
export const readCases = (): readonly PipCases[] =>
  filesBelow(path.join(import.meta.dirname, "cases"), ".", (name) => name.endsWith(".toml")).map(readFile);

function readFile(file: string): PipCases {
  const text = fs.readFileSync(path.join(import.meta.dirname, "cases", file), "utf8");
  const common = (parse(text)["files"] ?? {}) as PipCase["files"];
  const table = parse(text) as unknown as {
    readonly package?: readonly Release[];
    readonly case: readonly Record<string, unknown>[];
  };
  return {
    file,
    packages: table.package ?? [],
    cases: table.case.map((one) => {
      const unknown = Object.keys(one).find((key) => !KEYS.includes(key));
      if (unknown !== undefined) throw new Error(`${file}: unknown key ${unknown}`);
      const calls = one["run"] as string | readonly string[];
      return {
        name: one["name"] as string,
        files: { ...common, ...(one["files"] as PipCase["files"]) },
        run: [calls].flat().map((call) => shellWords(call)),
        stdout: one["stdout"] === "json" ? "json" : one["stdout"] === true,
        env: (one["env"] ?? {}) as PipCase["env"],
        repository: one["repository"] as string | undefined,
        more: shellWords((one["more"] ?? "") as string),
      };
    }),
  };
}
