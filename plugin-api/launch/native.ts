// Only execve keeps the process id, the terminal and the signals of the caller for the child without standing between them;
// Bun offers it as Node's process.execve. And Bun looks at files without node:fs, which takes
// 0.7 ms to load: a seventh of what a repeated run costs beside Python's own start.

import { becomeAsStarted } from "./exec/native.ts";

/** Bun's time for a file that is not there lies far behind any real one. */
const NO_TIME = 4e15;

/** `<mtime in ms> <size>` of what a path leads to, folders included; `absent 0` for nothing. */
export function fileState(file: string): string {
  const found = Bun.file(file);
  const { lastModified } = found;
  return lastModified > NO_TIME ? "absent 0" : `${lastModified} ${found.size}`;
}

/** A name for a text, of 16 digits at most; not for safety. */
export const hashOf = (text: string): string => Bun.hash(text).toString(16);

/**
 * The whole file as UTF-8; undefined when it is empty, no plain file, or can't be read. Mapped, because Bun reads files in
 * threads that it would have to start first.
 */
export async function readText(file: string): Promise<string | undefined> {
  try {
    if (process.platform === "win32") return await Bun.file(file).text();
    return new TextDecoder().decode(Bun.mmap(file));
  } catch {
    return undefined;
  }
}

/** SHA-256 of a file in hexadecimal; empty when there is none that can be read, or nothing in it. */
export function sha256OfFile(file: string): string {
  try {
    return Bun.CryptoHasher.hash("sha256", Bun.mmap(file), "hex");
  } catch {
    return "";
  }
}

/** False where neither standard output nor standard error is a terminal, so that the system need not be asked. */
export const mayBeTerminal = (): boolean => Bun.enableANSIColors;

/** A line to standard output, without node:fs, which would have to be loaded for it. */
export const print = (line: string): void => console.log(line);

/** Undefined when it was removed while the process stands in it. */
export function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** Replaces this process. Returns only where the platform has no exec; the caller then spawns. */
export async function become(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<void> {
  const [file] = argv;
  if (file === undefined || typeof process.execve !== "function" || process.platform === "win32") return;
  if (workingDirectory() !== cwd) process.chdir(cwd);
  // What this process has to do at its end, such as removing its temporary folder, has to be done now: the program it
  // becomes knows nothing of it. The code says that this end is meant.
  process.exitCode = 0;
  process.emit("exit", 0);
  if (process.platform === "linux") await becomeAsStarted(argv, env, process.env);
  process.execve(file, argv, env);
}
