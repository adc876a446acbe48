import fs from "node:fs";
import path from "node:path";
import * as assert from "uvu/assert";
import { REPOSITORY } from "./executable.ts";
import type { Place } from "./project.ts";

/**
 * Plays a page of the guide: every block that begins with `[project]` becomes the folder's pyproject.toml, every command of a
 * `console` block is run, and has to print what stands below it, times and places aside. `$ cd FOLDER` goes there.
 */
export async function playGuide(place: Place, page: string): Promise<number> {
  const text = fs.readFileSync(path.join(REPOSITORY, "docs", "guide", `${page}.md`), "utf8");
  let cwd = place.cwd;
  let count = 0;
  for (const [, kind, block = ""] of text.matchAll(/^```(toml|console)\n([\s\S]*?)^```$/gm)) {
    if (kind === "toml" && block.startsWith("[project]")) fs.writeFileSync(path.join(cwd, "pyproject.toml"), block);
    if (kind === "toml") continue;
    for (const [, line = "", expected = ""] of block.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)) {
      const [program, ...words] = line.split(" ");
      count++;
      if (program === "cd") {
        cwd = path.join(cwd, words.join(" "));
        continue;
      }
      assert.is(program, "pybun", `${page}: ${line}`);
      const { stdout, stderr, exitCode } = await place.run(words, { cwd });
      assert.equal([exitCode, stderr], [0, ""], `${page}: ${line}`);
      assert.is(shown(place, stdout), shown(place, expected), `${page}: ${line}`);
    }
  }
  return count;
}

/** Which Python there is differs from machine to machine. */
const shown = (place: Place, text: string): string =>
  place.normalize(text).replace(/\bPython 3\.\d+(?:\.\d+)?/g, "Python [VERSION]");
