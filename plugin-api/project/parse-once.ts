import { parsePyproject } from "./parse-pyproject.ts";
import type { Pyproject } from "./pyproject.ts";

/** Some hundred files: of more the ones that were asked for least recently are let go. */
const MOST_LETTERS = 2_000_000;

interface Parsed {
  readonly letters: number;
  readonly project: Pyproject;
}

/** The one asked for last comes last. */
const parsed = new Map<string, Parsed>();
let letters = 0;

/**
 * As `parsePyproject`, and the same project for the same text: a command reads its projects several times, and of a workspace each
 * command that one process runs reads all of them.
 */
export function parseOnce(text: string, about: Parameters<typeof parsePyproject>[1]): Pyproject {
  const key = [about.file, about.shown, text].join("\0");
  const known = parsed.get(key);
  const project = known?.project ?? parsePyproject(text, about);
  if (known) parsed.delete(key);
  else letters += key.length;
  parsed.set(key, { letters: key.length, project });
  for (const [oldest, each] of letters > MOST_LETTERS ? parsed : []) {
    parsed.delete(oldest);
    letters -= each.letters;
    if (letters <= MOST_LETTERS) break;
  }
  return project;
}
