// Imported by the fast path: not even node:fs and node:path may be imported here.
import { fileState, readText, sha256OfFile } from "./native.ts";
import { type Caller, noteCall } from "./note.ts";
import type { Said } from "./say.ts";
import { holds, keptUnder } from "./state.ts";

/**
 * How an environment was made of what a folder holds, such as a project and its lock, and everything that decided it: what
 * makes the same of them again, wherever they lie on this machine.
 */
export interface Renewal {
  /** Call and variables it is for, without the folder. */
  readonly call: string;
  /** SHA-256 of files of the folder by name; empty for what must not be there. */
  readonly inside: Readonly<Record<string, string>>;
  /** Names that no folder above may have. */
  readonly above: readonly string[];
  /** State lines of other files. */
  readonly outside: readonly string[];
  /** Projects in it that lie elsewhere; with one of them it holds for this very folder alone. */
  readonly sources?: { readonly cwd: string; readonly states: Sources };
  /** The environment's place, relative to the folder. */
  readonly root: string;
  /** SHA-256 of the lock it equals. */
  readonly lockSha256?: string;
  readonly dataDir: string;
  /** A daemon may make it. */
  readonly isServable?: boolean;
  /** Absolute path of the image to make it of. */
  readonly image: string;
  /** `.venv` shows it. */
  readonly hasDotVenv: boolean;
  readonly said: Said;
  /** What is said when it is there already; without it, the command looks itself. */
  readonly upToDate?: Said;
}

/** Absolute folders of projects that are installed from where they lie, with their states (plugin-api/project/source-state.ts). */
export type Sources = readonly (readonly [folder: string, state: string])[];

/** Commands that leave renewals, with the files of the folder they are found by. */
export const FOUND_BY = {
  sync: ["pyproject.toml", "pybun.lockb"],
  install: ["pyproject.toml", "pybun.lockb"],
  venv: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type RenewingCommand = keyof typeof FOUND_BY;

/** Where a project's environment is, relative to it. */
export const OWN_ENVIRONMENT = ".pybun/venv";

/** The words a renewal is for. */
export const renewalCall = (command: RenewingCommand, argv: readonly string[], env: Caller["env"]): string =>
  `renewal ${noteCall(command, argv, { cwd: "", env })}`;

/** Where a renewal is kept, given the digests of the files it is found by; undefined where the variables don't say. */
export const renewalFile = (call: string, digests: readonly string[], env: Caller["env"]): string | undefined =>
  keptUnder("renewals", [call, ...digests].join("\n"), env);

/** A renewal that holds for a folder, where there is no environment; else undefined. */
export async function readRenewal(
  command: RenewingCommand,
  argv: readonly string[],
  { cwd, env }: Caller,
): Promise<Renewal | undefined> {
  if (command !== "venv" && isThere(`${cwd}/${OWN_ENVIRONMENT}/pyvenv.cfg`)) return undefined;
  const digests = FOUND_BY[command].map((name) => sha256OfFile(`${cwd}/${name}`));
  if (digests.includes("")) return undefined;
  const call = renewalCall(command, argv, env);
  const file = renewalFile(call, digests, env);
  const text = file && (await readText(file));
  if (!text) return undefined;
  let renewal: Renewal;
  try {
    renewal = JSON.parse(text) as Renewal;
  } catch {
    return undefined;
  }
  const { inside, above, outside, root } = renewal;
  const isSame =
    renewal.call === call &&
    (renewal.sources === undefined || renewal.sources.cwd === cwd) &&
    !isThere(`${cwd}/${root}/pyvenv.cfg`) &&
    Object.entries(inside).every(([name, digest]) => sha256OfFile(`${cwd}/${name}`) === digest) &&
    foldersAbove(cwd).every((folder) => above.every((name) => !isThere(`${folder}/${name}`))) &&
    outside.every(holds);
  return isSame ? renewal : undefined;
}

const isThere = (file: string): boolean => fileState(file) !== "absent 0";

function foldersAbove(folder: string): readonly string[] {
  const folders: string[] = [];
  for (let end = folder.lastIndexOf("/"); end >= 0; end = folder.lastIndexOf("/", end - 1)) {
    folders.push(folder.slice(0, end));
    if (end === 0) break;
  }
  return folders;
}
