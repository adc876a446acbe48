import fs from "node:fs";
import type { Fix } from "../../../plugin-api/error.ts";
import type { ConflictItem } from "../../../plugin-api/model/lock.ts";
import type { Demand } from "../../../plugin-api/model/requirement.ts";
import { parseSpecifier } from "../../../plugin-api/python/specifier.ts";
import { versionKey } from "../../../plugin-api/python/version-key.ts";
import { Host } from "../../../plugin-api/services.ts";
import type { Session } from "../../../plugin-api/session.ts";
import { shellJoin } from "../../../plugin-api/shell-word.ts";
import { showPath } from "../../../plugin-api/text/show-path.ts";
import { tomlLine } from "../../../plugin-api/toml-line.ts";
import { enumerate } from "../wording.ts";
import { type Added, type Addition, additionOf, entryOf } from "./addition.ts";
import type { Change } from "./change.ts";
import { editsFor, newText, type OfLine, requirementText } from "./file-edits.ts";
import type { Remedy } from "./find.ts";

/** What would help, for people and for programs. */
export interface Advice {
  /** One sentence for each remedy. */
  readonly hints: readonly string[];
  readonly fixes: readonly Fix[];
  /** As data, also what no fix can do. */
  readonly relaxations: readonly object[];
}

/** Words and fixes for remedies. `file`: the project's own, or the script. */
export async function advise(
  remedies: readonly Remedy[],
  { file, session }: { readonly file: string | undefined; readonly session: Session },
): Promise<Advice> {
  const { argv, home } = await session.use(Host);
  const teller = new Teller({ cwd: session.cwd, home, argv }, file);
  const hints = remedies.map((remedy, i) => (i > 0 ? "or " : "") + teller.sentence(remedy));
  const fixes = remedies.flatMap((remedy) => teller.fix(remedy) ?? []);
  return { hints, fixes: fixes.map(numbered), relaxations: remedies.map((remedy) => teller.data(remedy)) };
}

/** A fix is known by its id: of several that concern one package, the second is `change-boto3-2`. */
function numbered(fix: Fix, i: number, all: readonly Fix[]): Fix {
  const before = all.slice(0, i).filter(({ id }) => id === fix.id).length;
  return before === 0 ? fix : { ...fix, id: `${fix.id}-${before + 1}` };
}

interface Surroundings {
  readonly cwd: string;
  readonly home: string;
  readonly argv: readonly string[];
}

type Versions = Extract<Change, { kind: "versions" }>;

/** How an answer is to be printed is no part of what mends it, which is the same in text and in JSON. */
const withoutFormat = (argv: readonly string[]): readonly string[] =>
  argv.filter(
    (word, i) => !/^--format=(nd)?json$/.test(word) && !isFormat(word, argv[i + 1]) && !isFormat(argv[i - 1], word),
  );

const isFormat = (word: string | undefined, value: string | undefined): boolean =>
  word === "--format" && /^(nd)?json$/.test(value ?? "");

class Teller {
  readonly #around: Surroundings;
  readonly #file: string | undefined;

  constructor(around: Surroundings, file: string | undefined) {
    this.#around = around;
    this.#file = file;
  }

  sentence(remedy: Remedy): string {
    const command = this.#command(remedy.changes);
    const parts = remedy.changes.map((change) => this.#change(change, command === undefined));
    const what = parts.join(", and ");
    return `${what}${command === undefined ? "" : `: \`${shellJoin(command)}\``}${given(remedy)}`;
  }

  fix(remedy: Remedy): Fix | undefined {
    const { changes } = remedy;
    const id = changes.map(idOf).join("+");
    const command = this.#command(changes);
    if (command) return { id, applicability: "review", command };
    const edits = editsFor(changes, this.#file);
    return edits && { id, applicability: "review", edits };
  }

  data({ changes, gives }: Remedy): object {
    const all = changes.map((change) =>
      "demand" in change
        ? { origin: change.demand.origin, requirement: change.demand.text, instead: newText(change).trim() }
        : { origin: this.#place(change), add: entryOf(this.#addition(change)) },
    );
    return { changes: all, gives: Object.fromEntries(gives.map(({ name, versions }) => [name, versions])) };
  }

  /** What was typed with the new versions in it, when that is all that changes and it is clear where. */
  #command(changes: readonly Change[]): readonly string[] | undefined {
    let words: readonly string[] | undefined = ["pybun", ...withoutFormat(this.#around.argv)];
    for (const change of changes) {
      if (!("demand" in change) || change.demand.origin !== "command line") return undefined;
      words &&= exchanged(words, change.demand, newText(change).trim());
    }
    return words;
  }

  #change(change: Change, hasToSay: boolean): string {
    switch (change.kind) {
      case "versions":
      case "name":
        return this.#ofLine(change, hasToSay);
      case "python": {
        const place = this.#place(change);
        const at = place === "" ? "" : ` in ${place}`;
        if (change.way === "raise") return `raise \`requires-python\`${at} to \`${change.range}\``;
        return `leave out the newest Pythons: \`requires-python = "${change.range}"\`${at}`;
      }
      case "apart": {
        return `if ${apartInWords(change.sets)}, ${this.#added(change)}`;
      }
      case "environments":
        return `if it need not run on ${change.without}, ${this.#added(change)}`;
      case "prerelease":
        return `take pre-releases where nothing else will do: ${this.#added(change)}`;
      case "cut-off":
        return `let ${change.name} be newer: ${this.#added(change)}`;
      case "require":
        return `take it all the same: require \`${requirementText(change.requirement)}\` in ${this.#place(change)}`;
      case "override":
        return `if you know that it works, overrule what the others say: ${this.#added(change)}`;
    }
  }

  #ofLine(change: OfLine, hasToSay: boolean): string {
    const { demand } = change;
    const isTyped = demand.origin === "command line";
    const place = isTyped ? "" : ` in ${demand.origin}`;
    const what = intentOf(change);
    if (isTyped && !hasToSay) return what;
    if (change.kind === "name")
      return `${what}: ${isTyped ? "ask for" : "write"} \`${newText(change).trim()}\`${place}`;
    return `${what}${place}: ${isTyped ? "ask for" : "write"} \`${newText(change).trim()}\``;
  }

  #addition = (change: Added): Addition => additionOf(change, change.kind === "apart" ? change.file : this.#file);

  /** `set … in pyproject.toml`. */
  #added(change: Added): string {
    const place = this.#place(change);
    const { table, key, value, items } = this.#addition(change);
    const what = items === undefined ? `set \`${key} = ${value}\`` : `add \`${items}\` to \`${key}\``;
    return `${what} below \`[${table}]\`${place === "" ? "" : ` in ${place}`}`;
  }

  #place(change: Change): string {
    const file = change.kind === "apart" ? change.file : this.#file;
    if (file === undefined) return "";
    const shown = showPath(file, this.#around);
    if (change.kind !== "python") return shown;
    const line = lineOfPython(file);
    return line === undefined ? shown : `${shown}:${line}`;
  }
}

/** `the extras \`a\` and \`b\` are never installed together`; of several sets the first items are those that all have in common. */
function apartInWords(sets: readonly (readonly ConflictItem[])[]): string {
  const [first = []] = sets;
  if (sets.length === 1) return `${itemsInWords(first)} are never installed together`;
  const [one, others] = [0, 1].map((i) => eachOnce(sets.map((set) => set[i]!))) as [ConflictItem[], ConflictItem[]];
  return `${itemsInWords(one)} ${one.length === 1 ? "is" : "are"} never installed with ${itemsInWords(others)}`;
}

const eachOnce = (items: readonly ConflictItem[]): readonly ConflictItem[] =>
  items.filter((item, i) => items.indexOf(item) === i);

/** `the extras \`a\` and \`b\``. */
function itemsInWords(items: readonly ConflictItem[]): string {
  const kinds = new Set(items.map(({ kind }) => kind));
  const word = (kind: ConflictItem["kind"]): string => (kind === "optional" ? "extra" : "group");
  const [first] = kinds;
  if (kinds.size === 1 && first)
    return `the ${word(first)}${items.length === 1 ? "" : "s"} ${enumerate(items.map(({ name }) => `\`${name}\``))}`;
  return enumerate(items.map(({ kind, name }) => `the ${word(kind)} \`${name}\``));
}

/** The line of a project's file, or of a script, that says for which Pythons it is. */
export function lineOfPython(file: string): number | undefined {
  try {
    const text = fs.readFileSync(file, "utf8");
    if (file.endsWith(".toml")) return tomlLine(text, ["project", "requires-python"]);
    const at = text.split("\n").findIndex((line) => /^#\s+requires-python\s*=/.test(line));
    return at < 0 ? undefined : at + 1;
  } catch {
    return undefined;
  }
}

function intentOf(change: OfLine): string {
  if (change.kind === "name") return `did you mean \`${change.name}\``;
  return change.as === "requirement"
    ? `${directionOf(change)} ${change.demand.requirement.name}`
    : `loosen the ${change.as}`;
}

/** Where exactly one word is the requirement, or an option with it. */
function exchanged(words: readonly string[], { text }: Demand, instead: string): readonly string[] | undefined {
  const isIt = (word: string): boolean => word === text || (word.startsWith("--") && word.endsWith(`=${text}`));
  if (words.filter(isIt).length !== 1) return undefined;
  return words.map((word) => (isIt(word) ? word.slice(0, word.length - text.length) + instead : word));
}

const ARTICLES = { older: "an older", newer: "a newer", other: "another" };

function directionOf({ specifier, way }: Versions): string {
  return `${parseSpecifier(specifier).isPinned ? "take" : "allow"} ${ARTICLES[way]}`;
}

function given({ changes, gives }: Remedy): string {
  const isSaid = (version: string): boolean =>
    changes.some(
      (one) => one.kind === "versions" && /^===?[^*,]+$/.test(one.specifier) && one.specifier.endsWith(version),
    );
  const told = gives.filter(({ versions }) => !versions.every(isSaid));
  if (told.length === 0) return "";
  const isOne = told.length === 1 && changes.every(({ kind }) => kind === "versions");
  const texts = told.map(({ name, versions }) => `${isOne ? "" : `${name} `}${enumerate(shortList(versions))}`);
  return ` (gives ${texts.join("; ")})`;
}

const MOST_VERSIONS = 4;

function shortList(versions: readonly string[]): readonly string[] {
  const sorted = versions.toSorted((a, b) => ((versionKey(a) ?? a) < (versionKey(b) ?? b) ? -1 : 1));
  return sorted.length <= MOST_VERSIONS ? sorted : [`${sorted[0]} to ${sorted.at(-1)}`];
}

function idOf(change: Change): string {
  switch (change.kind) {
    case "name":
      return `rename-${change.demand.requirement.name}`;
    case "versions":
      return `${change.as === "requirement" ? "change" : `loosen-${change.as}`}-${change.demand.requirement.name}`;
    case "python":
      return `${change.way}-requires-python`;
    case "apart":
      return "declare-conflict";
    case "environments":
      return "narrow-environments";
    case "prerelease":
      return "allow-prereleases";
    case "cut-off":
      return `exempt-${change.name}`;
    case "require":
    case "override":
      return `${change.kind}-${change.requirement.name}`;
  }
}
