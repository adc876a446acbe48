import fs from "node:fs";
import path from "node:path";

type Call = (...args: readonly unknown[]) => unknown;

/** Calls that change the disk. A crash between two others leaves nothing behind that the one before did not. */
const CHANGING = [
  "appendFileSync",
  "chmodSync",
  "copyFileSync",
  "linkSync",
  "mkdirSync",
  "openSync",
  "renameSync",
  "rmdirSync",
  "rmSync",
  "symlinkSync",
  "truncateSync",
  "unlinkSync",
  "utimesSync",
  "writeFileSync",
  "writeSync",
];
/** Of these, those that need room. */
const FILLING = new Set([
  "copyFileSync",
  "linkSync",
  "mkdirSync",
  "openSync",
  "symlinkSync",
  "writeFileSync",
  "writeSync",
]);
const remove = fs.rmSync;

/** Has `before` called before each change of the disk. Returns what undoes it. */
function watchChanges(before: (name: string, file: unknown) => void): () => void {
  const table = fs as unknown as Record<string, Call>;
  const originals = CHANGING.map((name) => [name, table[name] as Call] as const);
  for (const [name, original] of originals)
    table[name] = (...args) => {
      const isChange = name !== "openSync" || (typeof args[1] === "string" && /^[wax]|\+/.test(args[1]));
      if (isChange) before(name, args[0]);
      return original(...args);
    };
  return () => {
    for (const [name, original] of originals) table[name] = original;
  };
}

/**
 * Ends this process, as a power cut would, just before its n-th change of the disk (1 is the first). A folder that is about
 * to be removed with its content loses part of it first. For child processes of tests: n = 1, 2, … until one survives.
 */
export function killBeforeChange(n: number): void {
  let left = n;
  watchChanges((name, file) => {
    if (--left <= 0) end(name, file as string);
  });
}

function end(name: string, file: string): void {
  const isFolder = name === "rmSync" && fs.lstatSync(file, { throwIfNoEntry: false })?.isDirectory();
  const [part] = isFolder ? fs.readdirSync(file).sort() : [];
  if (part !== undefined) remove(path.join(file, part), { recursive: true });
  process.kill(process.pid, "SIGKILL");
}

/**
 * From the n-th change of the disk on that needs room there is none, until `body` has ended. Resolves to the error, or to
 * undefined when the disk was never that full.
 */
export async function withFullDisk(
  n: number,
  body: () => Promise<unknown>,
): Promise<NodeJS.ErrnoException | undefined> {
  let left = n;
  const restore = watchChanges((name, file) => {
    if (!FILLING.has(name) || --left > 0) return;
    const error = new Error(`ENOSPC: no space left on device, ${name} '${file as string}'`) as NodeJS.ErrnoException;
    throw Object.assign(error, { code: "ENOSPC" });
  });
  try {
    await body();
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  } finally {
    restore();
  }
}
