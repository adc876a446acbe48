import fs from "node:fs";
import path from "node:path";
import * as assert from "uvu/assert";
import { REPOSITORY } from "./executable.ts";

const FOLDER = path.join(REPOSITORY, "test", "snapshots");

/**
 * Compares text with `test/snapshots/NAME.txt`. `UPDATE_SNAPSHOTS=1` writes the file instead; without it a missing file
 * fails, so that nothing is accepted unseen.
 */
export function matchesSnapshot(name: string, text: string): void {
  const file = path.join(FOLDER, `${name}.txt`);
  if (process.env["UPDATE_SNAPSHOTS"] === "1") {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return;
  }
  if (!fs.existsSync(file)) throw new Error(`no snapshot ${name}; look at the output and set UPDATE_SNAPSHOTS=1`);
  assert.fixture(text, fs.readFileSync(file, "utf8"));
}
