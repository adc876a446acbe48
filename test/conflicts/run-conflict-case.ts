import { createHash } from "node:crypto";
import fs from "node:fs";
import * as assert from "uvu/assert";
import { type IndexServer, startIndex } from "../harness/index-server.ts";
import { createPlace, type Place } from "../harness/project.ts";
import type { ConflictCase, ExpectedFix } from "./conflict-case.ts";

interface Fix {
  readonly id: string;
  readonly applicability: string;
  readonly command: readonly string[];
  readonly edits: readonly {
    readonly file: string;
    readonly range: readonly [number, number];
    readonly sha256: string;
    readonly new_text: string;
  }[];
}
interface Conflict {
  readonly package: string;
  readonly required: string;
  readonly available: readonly string[];
  readonly chain: readonly {
    readonly text: string;
    readonly origin?: string;
    readonly file?: string;
    readonly line?: number;
  }[];
}
interface Told {
  readonly code: string;
  readonly context: { readonly conflicts: readonly Conflict[] };
  readonly fixes: readonly Fix[];
}

/** Has the project fail, holds what is told to what the case states, and applies each fix to the project as it was. */
export async function runConflictCase(stated: ConflictCase): Promise<void> {
  const index = await startIndex({ packages: stated.package });
  const extra = stated.extra && (await startIndex({ packages: stated.extra }));
  try {
    const told = await inProject(stated, { index, extra }, (place) => fail(place, stated));
    assert.equal(
      told.fixes.map(({ id }) => id),
      stated.fix.map(({ id }) => id),
      "what is proposed",
    );
    for (const [i, expected] of stated.fix.entries())
      await inProject(stated, { index, extra }, (place) => mend(place, stated, { expected, at: i }));
  } finally {
    await index.stop();
    await extra?.stop();
  }
}

interface Indexes {
  readonly index: IndexServer;
  readonly extra: IndexServer | undefined;
}

async function inProject<T>(
  { files }: ConflictCase,
  { index, extra }: Indexes,
  body: (place: Place) => Promise<T>,
): Promise<T> {
  const place = createPlace({ index, env: { UV_NO_CONFIG: "0" } });
  try {
    const filled = Object.entries(files).map(([file, text]) => [file, text.replaceAll("{EXTRA}", extra?.url ?? "")]);
    place.write(Object.fromEntries(filled));
    return await body(place);
  } finally {
    place.remove();
  }
}

const words = ({ run = ["lock"] }: ConflictCase): readonly string[] => run;

async function fail(place: Place, stated: ConflictCase): Promise<Told> {
  const { exitCode, stdout, stderr } = await place.run(words(stated));
  assert.equal([exitCode, stdout], [stated.exit, ""], stderr);
  assert.fixture(withoutPorts(place.normalize(stderr)), stated.text);
  const told = await errorIn(place, stated);
  assert.is(told.code, stated.code);
  for (const conflict of told.context.conflicts) checkPlaces(conflict);
  if (stated.chains) assert.equal(told.context.conflicts.map(lineOf), stated.chains);
  return told;
}

const withoutPorts = (text: string): string => text.replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");

async function errorIn(place: Place, stated: ConflictCase): Promise<Told> {
  const result = await place.run(["--format=json", ...words(stated)]);
  const error = result.json().diagnostics.find(({ level }) => level === "error");
  assert.ok(error, result.stdout);
  return error as unknown as Told;
}

const lineOf = ({ package: name, required, chain }: Conflict): string =>
  `${chain.map(({ text, origin }) => (origin === undefined ? text : `${origin} ${text}`)).join(" > ")} > ${name} ${required}`.trim();

/** Whoever asks is where the data says. */
function checkPlaces({ chain }: Conflict): void {
  for (const { file, line, text } of chain) {
    if (file === undefined || line === undefined) continue;
    assert.match(fs.readFileSync(file, "utf8").split("\n")[line - 1] ?? "", text);
  }
}

async function mend(
  place: Place,
  stated: ConflictCase,
  { expected, at }: { readonly expected: ExpectedFix; readonly at: number },
): Promise<void> {
  const fix = (await errorIn(place, stated)).fixes[at]!;
  const isCommand = fix.command.length > 0;
  // All that was typed is in it, the form of output too.
  if (isCommand) assert.is(fix.command.join(" "), `pybun ${expected.writes}`);
  else apply(fix, expected.writes);
  const command = isCommand ? fix.command.slice(1) : words(stated);
  const { exitCode, stdout, stderr } = await place.run(command);
  assert.is(exitCode, 0, `after ${fix.id}: ${stderr}`);
  assert.equal(words(stated)[0] === "lock" ? await locked(place) : stdout.trim().split("\n"), expected.gives, fix.id);
}

/** As the standard way has it: an edit is refused when the file is not the one that was seen. */
function apply({ edits }: Fix, writes: string): void {
  assert.ok(edits.length > 0, "neither a command nor an edit");
  let [unwritten, written] = ["", ""];
  for (const { file, range, sha256, new_text: newText } of edits) {
    const before = fs.readFileSync(file);
    assert.is(createHash("sha256").update(before).digest("hex"), sha256);
    unwritten += before.toString();
    const after = Buffer.concat([before.subarray(0, range[0]), Buffer.from(newText), before.subarray(range[1])]);
    fs.writeFileSync(file, after);
    written += after.toString();
  }
  assert.is(timesIn(written, writes), timesIn(unwritten, writes) + 1, `written: ${written}`);
}

const timesIn = (text: string, part: string): number => text.split(part).length - 1;

async function locked(place: Place): Promise<readonly string[]> {
  const { stdout } = await place.run(["lock", "--json"]);
  const { packages } = JSON.parse(stdout) as { packages: readonly { name: string; version: string }[] };
  return packages.map(({ name, version }) => `${name} ${version}`).sort();
}
