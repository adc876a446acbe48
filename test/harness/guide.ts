import fs from "node:fs";
import path from "node:path";
import * as assert from "uvu/assert";
import { REPOSITORY } from "./executable.ts";
import type { Place } from "./project.ts";

/**
 * Plays a page of the guide: a block whose first line is a comment with a path is that file, one that begins with `[project]` the
 * folder's pyproject.toml; every command of a `console` block is run, and has to print what stands below it, times, places and
 * Pythons aside. `$ cd FOLDER` goes there. Gives how many commands there were.
 */
export async function playGuide(place: Place, page: string): Promise<number> {
  const text = fs.readFileSync(path.join(REPOSITORY, "docs", "guide", `${page}.md`), "utf8");
  let cwd = place.cwd;
  let count = 0;
  for (const [, kind, block = ""] of text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (kind !== "console") {
      const file = fileOf(block);
      if (file !== undefined) writeFile(path.join(cwd, file), block);
      continue;
    }
    for (const [, line = "", expected = ""] of block.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)) {
      const [program = "", ...words] = wordsOf(line);
      count++;
      if (program === "cd") {
        cwd = path.join(cwd, words.join(" "));
        continue;
      }
      assert.is(program, "pybun", `${page}: \`${line}\` is no command of PyBun's`);
      const { stdout, stderr, exitCode } = await place.run(words, { cwd });
      // A check that finds something ends with 1, and that is what the page tells.
      assert.ok(exitCode === 0 || exitCode === 1, `${page}: ${line}\n${stderr}`);
      assert.not.match(stderr, /^error/m, `${page}: ${line}`);
      assert.is(shown(place, stdout), shown(place, expected), `${page}: ${line}`);
    }
  }
  return count;
}

/** Words as a shell reads them, as far as the guide goes. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");

const fileOf = (block: string): string | undefined =>
  block.startsWith("[project]") ? "pyproject.toml" : /^(?:#|\/\/) ([\w./-]+\.\w+|Pipfile)\n/.exec(block)?.[1];

function writeFile(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** What differs from machine to machine: the Python that is found, and columns that it widens. */
const shown = (place: Place, text: string): string =>
  place
    .normalize(text)
    .replace(/\b3\.\d+\.\d+\b|(?<=Python )3\.\d+/g, "[PYTHON]")
    .replace(/ +/g, " ")
    .replace(/ $/gm, "");
