import fs from "node:fs";
import path from "node:path";
import { writeAtomically } from "./atomic-file.ts";

/** Keeps what saves a later call some milliseconds, nothing else: false where the folder is read-only, or full. */
export function keepFile(file: string, text: string): boolean {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeAtomically(file, text);
    return true;
  } catch {
    return false;
  }
}
