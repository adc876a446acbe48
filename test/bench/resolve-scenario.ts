import fs from "node:fs";
import path from "node:path";
import type { Command, Scenario, Side } from "./scenario.ts";

/** Resolves requirements for one environment and prints the outcome, by the same words on both sides. */
export function compile(side: Side, requirements: readonly string[]): Command {
  fs.writeFileSync(path.join(side.cwd, "requirements.in"), requirements.join("\n"));
  return { argv: ["pip", "compile", "--python", side.python, "requirements.in"] };
}

/** Takes what is remembered of whole resolutions out of the way: what remains are pages and metadata. */
export function forgetResolutions(side: Side): void {
  if (side.tool === "pybun") setAside(side, path.join(side.data, "hints"));
}

/** Where the sockets of daemons lie, which are no cache. */
const SOCKETS = "daemon";

/** Takes all caches out of the way. */
export function forgetEverything(side: Side): void {
  if (!fs.existsSync(side.data)) return;
  for (const name of fs.readdirSync(side.data)) if (name !== SOCKETS) setAside(side, path.join(side.data, name));
}

/** Takes a file or folder out of the way, if it is there. */
export function setAside(side: Side, place: string): void {
  if (fs.existsSync(place)) side.setAside(place);
}

/** The same pages and files at an index that says they have to be looked at again each time. */
export const atStaleIndex = (side: Side, command: Command): Command => atVariant(side, "stale", command);

/** The same at an index that takes so long for each answer. */
export const atSlowIndex = (side: Side, delayMs: number, command: Command): Command =>
  atVariant(side, `slow/${delayMs}`, command);

/** The same at an index that speaks HTTP/2, as the public one does. */
export const atHttp2Index = (side: Side, command: Command): Command => atIndex(side.http2Index, command);

const atVariant = (side: Side, variant: string, command: Command): Command =>
  atIndex(indexOf(side, command).replace(/\/simple\/$/, `/${variant}/simple/`), command);

function indexOf(side: Side, command: Command): string {
  const name = side.tool === "pybun" ? "PYBUN_INDEX_URL" : "UV_DEFAULT_INDEX";
  return (command.env?.[name] ?? side.env[name]) as string;
}

const atIndex = (url: string, command: Command): Command => ({
  ...command,
  env: { ...command.env, PYBUN_INDEX_URL: url, UV_DEFAULT_INDEX: url },
});

/** Writes a project with these requirements. */
export function writeProject(side: Side, dependencies: readonly string[]): void {
  fs.writeFileSync(
    path.join(side.cwd, "pyproject.toml"),
    `[project]\nname = "bench"\nversion = "1.0"\nrequires-python = ">=3.10"\ndependencies = ${JSON.stringify(dependencies)}\n`,
  );
}

export const lockFile = (side: Side): string => path.join(side.cwd, side.tool === "pybun" ? "pybun.lockb" : "uv.lock");
export const hasLock = (side: Side): boolean => fs.existsSync(lockFile(side));
export const forgetLock = (side: Side): void => setAside(side, lockFile(side));
/** Keeps a copy of the lock; false when there is none yet. */
export const keepLock = (side: Side): boolean => copyIfThere(lockFile(side), keptFile(side));
/** Puts the copy back; false when there is none. */
export const restoreLock = (side: Side): boolean => copyIfThere(keptFile(side), lockFile(side));

const keptFile = (side: Side): string => `${lockFile(side)}.kept`;
/** False when there is no file to copy. */
export function copyIfThere(from: string, to: string): boolean {
  if (!fs.existsSync(from)) return false;
  fs.copyFileSync(from, to);
  return true;
}

export const lock = (side: Side, ...more: readonly string[]): Command => ({
  argv: ["lock", "--python", side.python, ...more],
});

/** What all of them have in common. */
export const resolving = { peer: "uv", on: "tmpfs", isMemoryMeasured: true } as const satisfies Partial<Scenario>;
