import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../harness/executable.ts";
import { makeRepository } from "../harness/git-repository.ts";
import { wordsOf } from "../harness/guide.ts";
import { createPlace, type Place } from "../harness/project.ts";
import { findPython, requirePython } from "../harness/python.ts";

/** A row of the guide's table of real projects, and what it does not say. */
interface Row {
  readonly name: string;
  /** What is typed, without `pybun`. */
  readonly typed: readonly string[];
  /** Its last cell, without commas in numbers. */
  readonly result: string;
  readonly more: More;
}
interface More {
  /** Source archives to unpack side by side; without it, that of the row's name. Commands are typed in the last one's folder. */
  readonly sources?: readonly string[];
  /** One that is a git repository with its version as a tag. */
  readonly repository?: string;
  /** Beside the folders; commands are typed there then. */
  readonly files?: Readonly<Record<string, string>>;
  /** A program without which it can't be built. */
  readonly needs?: string;
  /** It takes its time. */
  readonly long?: boolean;
}

const python = (findPython("3.12") ?? requirePython()).path;
const BESIDE = path.join(import.meta.dirname, "projects.toml");
const beside = parse(fs.readFileSync(BESIDE, "utf8")) as unknown as Record<string, More>;

/** Tests that the guide is right about the projects whose tests are long, or are not. */
export function testProjects(isLong: boolean): void {
  const chosen = rows().filter(({ name }) => name.includes(process.env["TEST_CASE"] ?? ""));
  for (const row of chosen.filter(({ more }) => (more.long ?? false) === isLong)) {
    const { needs } = row.more;
    const isThere = needs === undefined || spawnSync(needs, ["--version"]).status === 0;
    if (!isThere) console.log(`${row.name} is skipped: there is no ${needs}`);
    (isThere ? test : test.skip)(row.name, async () => {
      const place = createPlace();
      try {
        await play(row, place);
      } finally {
        // Their own tests leave temporary files.
        place.remove();
      }
    });
  }
  test.run();
}

function rows(): readonly Row[] {
  const page = fs.readFileSync(path.join(REPOSITORY, "docs", "guide", "migrating.md"), "utf8");
  const table = page.slice(page.indexOf("| project | what it is |")).split("\n\n", 1)[0] as string;
  return table
    .split("\n")
    .slice(2)
    .map((line) => {
      const [name = "", , typed = "", result = ""] = line
        .split("|")
        .map((cell) => cell.trim())
        .slice(1);
      const commands = [...typed.matchAll(/`([^`]+)`/g)].map(([, command]) => command as string);
      return { name, typed: commands, result: result.replaceAll(/(\d),(?=\d)/g, "$1"), more: beside[name] ?? {} };
    });
}

async function play({ name, typed, result, more }: Row, place: Place): Promise<void> {
  const { sources = [name.replace(" ", "==")], repository, files, needs } = more;
  const searched = needs && { PATH: process.env["PATH"] };
  const env = { PYBUN_INDEX_URL: process.env["TEST_ONLINE_INDEX"], PYBUN_PYTHON: python, ...searched };
  const run = (words: readonly string[], cwd: string) => place.run(words, { env, cwd, timeoutMs: 400_000 });
  let cwd = place.cwd;
  for (const source of sources) {
    const folder = path.join(place.cwd, source.split("==")[0] as string);
    const archives = path.join(place.root, "archives", source);
    const fetched = await run(
      ["pip", "download", "--no-deps", "--no-binary", ":all:", "-d", archives, source],
      place.cwd,
    );
    assert.is(fetched.exitCode, 0, fetched.stderr);
    unpack(path.join(archives, fs.readdirSync(archives)[0] as string), folder);
    if (source === repository) makeTagged(folder, source.split("==")[1] as string);
    if (!files) cwd = folder;
  }
  place.write(files ?? {});
  let said = "";
  for (const command of typed) {
    const [first = "", ...rest] = wordsOf(command.replace("file:///…", `file://${place.cwd}`));
    if (first === "cd") {
      cwd = path.join(cwd, ...rest);
      continue;
    }
    const { stdout, stderr, exitCode } = await run([first, ...rest], cwd);
    const fails = command === typed.at(-1) && /\d failed/.test(result);
    said = `${stdout.slice(-4000)}\n${stderr.slice(-4000)}`;
    assert.is(exitCode, fails ? 1 : 0, `${command}\n${said}`);
  }
  assert.equal(counts(said), counts(result), said);
}

/** How many passed, and failed, as pytest or the standard library says it, or the guide. */
function counts(text: string): readonly (string | undefined)[] {
  const [, ...passed] = [...text.matchAll(/\b(\d+) passed|\bRan (\d+) tests|\b(\d+) ran\b/g)].at(-1) ?? [];
  return [passed.find(Boolean), /\b([1-9]\d*) failed/.exec(text)?.[1]];
}

function unpack(archive: string, folder: string): void {
  fs.mkdirSync(folder);
  const { status, stderr } = spawnSync("tar", ["-xzf", archive, "--strip-components=1"], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.is(status, 0, stderr);
}

function makeTagged(folder: string, version: string): void {
  const repository = makeRepository(folder);
  repository.commit({});
  repository.git("tag", version);
}
