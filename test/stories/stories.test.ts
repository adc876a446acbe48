import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../harness/executable.ts";
import { inPlace } from "../harness/project.ts";
import { matchesSnapshot } from "../harness/snapshot.ts";
import { readScenario } from "../scenarios/scenario.ts";
import { playStory, type Shown } from "./play.ts";

// Every command as people and programs meet it: its help, and what it says in its main outcomes. A story is a TOML file here;
// what it shows stands below test/snapshots/commands, a file for each command, to be read.

const FOLDER = path.join(REPOSITORY, "test", "snapshots", "commands");
const HELP_COLUMNS = 80;

const shown: Shown[] = [];
for (const file of fs
  .readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".toml"))
  .sort()) {
  const story = readScenario(path.join(import.meta.dirname, file));
  test(`${file}: ${story.about}`, async () => {
    shown.push(...(await playStory(story)));
  });
}

test(
  "every command has help that fits, an outcome that is good and one that is not, and all is as it was",
  inPlace(async (place) => {
    const listed = (await place.run(["--format=json", "help"])).json().data["commands"] as { command: string }[];
    const commands = listed.map(({ command }) => command);
    const outcomes = Map.groupBy(shown, ({ words }) => commandOf(words, commands));
    const unseen = commands.filter((command) => {
      const codes = (outcomes.get(command) ?? []).map(({ exitCode }) => exitCode);
      return !codes.includes(0) || codes.every((code) => code === 0);
    });
    const pages = ["", ...groupsOf(commands), ...commands];
    const failed: string[] = [];
    for (const page of pages) {
      const { stdout } = await place.run(["help", ...page.split(" ").filter((word) => word !== "")]);
      const wide = stdout.split("\n").find((line) => line.length > HELP_COLUMNS && !line.startsWith("Usage: "));
      if (wide !== undefined) failed.push(`help of ${page} is too wide: ${wide}`);
      const sections = (outcomes.get(page) ?? []).map(({ section }) => section);
      try {
        matchesSnapshot(`commands/${fileName(page)}`, [`${stdout}\n`, ...sections].join("\n").trimEnd().concat("\n"));
      } catch (error) {
        failed.push(`${page}: ${(error as Error).message}\n${(error as { details?: string }).details ?? ""}`);
      }
    }
    assert.is(failed.join("\n"), "");
    assert.equal(unseen, [], "no story shows these commands succeed and fail");
    const known = pages.map((page) => `${fileName(page)}.txt`);
    assert.equal(
      fs.readdirSync(FOLDER).filter((file) => !known.includes(file)),
      [],
      "snapshots of what is no command",
    );
  }),
);

/** The longest command that the words begin with; what is none of them belongs to the executable itself. */
const commandOf = (words: readonly string[], commands: readonly string[]): string =>
  commands
    .filter((command) => `${words.join(" ")} `.startsWith(`${command} `))
    .reduce((longest, command) => (command.length > longest.length ? command : longest), "");

const groupsOf = (commands: readonly string[]): readonly string[] => [
  ...new Set(
    commands
      .filter((command) => command.includes(" "))
      .map((command) => command.slice(0, command.lastIndexOf(" ")))
      .filter((group) => !commands.includes(group)),
  ),
];

const fileName = (page: string): string => (page === "" ? "pybun" : page.replaceAll(" ", "-"));

test.run();
