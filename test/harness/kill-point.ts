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
const remove = fs.rmSync;

/**
 * Ends this process, as a power cut would, just before its n-th change of the disk (1 is the first). A folder that is about
 * to be removed with its content loses part of it first. For child processes of tests: n = 1, 2, … until one survives.
 */
export function killBeforeChange(n: number): void {
  let left = n;
  const table = fs as unknown as Record<string, Call>;
  for (const name of CHANGING) {
    const original = table[name] as Call;
    table[name] = (...args) => {
      const isChange = name !== "openSync" || (typeof args[1] === "string" && /^[wax]|\+/.test(args[1]));
      if (isChange && --left <= 0) end(name, args[0] as string);
      return original(...args);
    };
  }
}

function end(name: string, file: string): void {
  const isFolder = name === "rmSync" && fs.lstatSync(file, { throwIfNoEntry: false })?.isDirectory();
  const [part] = isFolder ? fs.readdirSync(file).sort() : [];
  if (part !== undefined) remove(path.join(file, part), { recursive: true });
  process.kill(process.pid, "SIGKILL");
}
