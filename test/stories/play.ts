import fs from "node:fs";
import path from "node:path";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { createPlace, type Place, type Result } from "../harness/project.ts";
import type { Scenario, Step } from "../scenarios/scenario.ts";
import { makeMachine } from "./machine.ts";
import { plain } from "./plain.ts";
import { showOutcome } from "./show.ts";

/** What a story shows of one step. */
export interface Shown {
  readonly words: readonly string[];
  readonly exitCode: number | null;
  readonly section: string;
}

/**
 * Plays a story twice side by side, in a place that reads text and one that reads JSON, each with a home of its own, and
 * returns what the steps show. What holds for every outcome is held here.
 */
export async function playStory(story: Scenario): Promise<readonly Shown[]> {
  const index = await startIndex({ ...story.index, packages: story.package ?? [], faults: story.fault ?? [] });
  const places = [0, 1].map(() => createPlace({ index })) as [Place, Place];
  const envs = places.map((place) => (story.pythons === undefined ? {} : makeMachine(place, story.pythons)));
  const shown: Shown[] = [];
  try {
    for (const step of [{ files: story.files ?? {} }, ...story.step] as readonly Step[]) {
      index.add(...(step.publish ?? []));
      for (const place of places) writeFiles(place, step.files ?? {}, index.url);
      if (step.run === undefined) continue;
      const [text, json] = await Promise.all([
        runStep(step, { place: places[0], index: index.url, format: [], env: envs[0] ?? {} }),
        runStep(step, { place: places[1], index: index.url, format: ["--format=json"], env: envs[1] ?? {} }),
      ]);
      const told = `pybun ${step.run.join(" ")}\n${text.stdout}${text.stderr}`;
      assert.is(json.exitCode, text.exitCode, told);
      if (step.shows === undefined) assert.is(text.exitCode, step.exit ?? 0, told);
      if (step.shows === undefined) continue;
      judge(text, json, told);
      const outcome = { shows: step.shows, words: step.run, folder: step.in, text, json };
      shown.push({ words: step.run, exitCode: text.exitCode, section: showOutcome(outcome) });
    }
    for (const place of places) assert.equal(place.leftovers(), [], "temporary files are left");
    return shown;
  } finally {
    await index.stop();
    for (const place of places) place.remove();
  }
}

function writeFiles(place: Place, files: Readonly<Record<string, string | null>>, index: string): void {
  for (const [file, text] of Object.entries(files)) {
    if (text === null) fs.rmSync(path.resolve(place.cwd, file), { recursive: true });
    else place.write({ [file]: fill(text, place, index) });
  }
}

/** What files and variables of a story name without knowing it. */
const fill = (text: string, place: Place, index: string): string =>
  text.replaceAll("{INDEX}", index).replaceAll("{WORK}", place.cwd).replaceAll("{HOME}", place.home);

interface Where {
  readonly place: Place;
  readonly index: string;
  readonly format: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function runStep(step: Step, { place, index, format, env }: Where): Promise<Result> {
  const filled = Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value, place, index)]);
  const words = (step.run ?? []).map((word) => fill(word, place, index));
  const result = await place.run([...format, ...words], {
    // Of interpreters only those count that PATH leads to, so that the one chosen is the one that the harness knows.
    env: { PYENV_ROOT: path.join(place.home, "none"), ...env, ...Object.fromEntries(filled) },
    cwd: path.join(place.cwd, step.in ?? "."),
    ...(step.stdin === undefined ? {} : { stdin: step.stdin }),
  });
  const neutral = (text: string): string => plain(place.normalize(text), "PATH" in env ? "story" : "machine");
  return { ...result, stdout: neutral(result.stdout), stderr: neutral(result.stderr) };
}

/** What holds for every command, whatever it does. */
function judge(text: Result, json: Result, told: string): void {
  const { stdout, stderr } = text;
  assert.is(json.stderr, "", `JSON leaves standard error empty: ${told}`);
  const all = `${stdout}${stderr}`;
  assert.not.ok(all.includes("\r") || all.includes("\u001b"), `a pipe gets text only: ${told}`);
  for (const [, message = ""] of stderr.matchAll(/^(?:error|warning|info)\[\w+\]: (.*)$/gm))
    assert.not.match(message, /\.$/, `a headline has no full stop: ${told}`);
  assert.ok([...stderr.matchAll(/^hint: /gm)].length <= 2, `two hints at most: ${told}`);
}
