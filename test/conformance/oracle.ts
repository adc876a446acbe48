import { spawnSync } from "node:child_process";
import path from "node:path";
import { requirePython } from "../harness/python.ts";

/** A file as the oracle expects to find it installed. */
export interface ExpectedFile {
  readonly sha256: string;
  readonly executable: boolean;
  /** Hash of what follows the first line, when that line has to be rewritten (`#!python`). */
  readonly rest?: string;
}

/** What the oracle says of a wheel; see python/oracle.py. */
export interface WheelVerdict {
  readonly file: string;
  readonly verdict: "install" | "refuse" | "unfit";
  readonly reason?: string;
  /** Absent when the file name does not parse. */
  readonly name?: string;
  readonly version?: string;
  readonly build?: string;
  readonly requires?: readonly string[];
  readonly prerelease?: boolean;
  /** `root` (site-packages), `scripts`, `data`, `headers`: path -> file. */
  readonly schemes?: Readonly<Record<string, Readonly<Record<string, ExpectedFile>>>>;
  readonly entry_points?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Projects it requires whether or not an extra is asked for. */
export const neededProjects = (wheel: WheelVerdict): readonly string[] =>
  (wheel.requires ?? [])
    .filter((requirement) => !/;.*\bextra\b/.test(requirement))
    .map((requirement) => (/^[\w.-]+/.exec(requirement)?.[0] ?? "").replace(/[-_.]+/g, "-").toLowerCase());

const ORACLE = path.join(import.meta.dirname, "python", "oracle.py");

/** Judges wheels by the standard, with Python's standard library and no code of the product. */
export function judgeWheels(files: readonly string[]): readonly WheelVerdict[] {
  if (files.length === 0) return [];
  return ask(["judge", ...files]) as WheelVerdict[];
}

/** A release of the folder: what is known of it from file names alone. */
export interface Candidate {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly prerelease: boolean;
}

/** The best file per project as installers choose: highest version, finals first, wheels before sdists, build tags. */
export function bestFiles(files: readonly string[]): readonly Candidate[] {
  return files.length === 0 ? [] : (ask(["best", ...files]) as Candidate[]);
}

function ask(words: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync(requirePython().path, [ORACLE, ...words], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`the oracle ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
