import { flagsOf, type Specs, takesText } from "../plugin-api/argv/flags.ts";
import { tokensOf } from "../plugin-api/argv/tokens.ts";
import type { CommandSpec } from "../plugin-api/command.ts";
import type { PybunError } from "../plugin-api/error.ts";
import { flagName, type Option } from "../plugin-api/option.ts";
import { arityProblem, unknownOption, valueProblem } from "../plugin-api/usage.ts";

/** What was typed, before values get their types: option texts by name in code, in the order given. */
export interface Typed {
  readonly options: ReadonlyMap<string, readonly (string | boolean)[]>;
  readonly operands: readonly string[];
  /** The first thing wrong with the words; further plugins may yet explain it. */
  readonly problem?: PybunError | undefined;
}
type Names = ReadonlyMap<string, unknown>;

/** `python` begins `python list`. */
const isGroup = (path: string, commands: Names): boolean => commands.keys().some((name) => name.startsWith(`${path} `));

/**
 * Finds the longest command path in argv; options of every command may stand before and between its words. `stray` is a
 * first word that begins no command; `before` stands before the path's first word.
 */
export function findCommand(argv: readonly string[], commands: Names, globals: Specs) {
  const words: number[] = [];
  let path = "";
  let stray: string | undefined;
  for (const token of scan(argv, globals).tokens) {
    if (token.kind === "option-terminator") break;
    if (token.kind !== "positional") continue;
    const longer = `${path} ${token.value}`.trim();
    if (token.value === "" || (!commands.has(longer) && !isGroup(longer, commands))) {
      if (path === "") stray = token.value;
      break;
    }
    path = longer;
    words.push(token.index);
  }
  const before = argv.slice(0, words[0] ?? 0);
  return { path, before, rest: argv.filter((_, at) => at >= before.length && !words.includes(at)), stray };
}

/** What the words behind a command mean. */
export interface CommandLine {
  readonly spec: CommandSpec;
  readonly path: string;
  readonly argv: readonly string[];
  /** Its own options and those of every command. */
  readonly specs: Specs;
}

/**
 * Splits the words behind a command into its options and operands. What belongs to a child stays verbatim: its own
 * options first, then the target and everything behind it.
 */
export function parseCommandLine({ spec, path, argv, specs }: CommandLine): Typed {
  const { own, childs, behind } = spec.handsOver
    ? cutAtTarget(argv, spec, specs)
    : { own: argv, childs: [], behind: [] };
  const { tokens, names } = scan(own, specs);
  const options = new Map<string, (string | boolean)[]>();
  const operands: string[] = [];
  let problem: PybunError | undefined;
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const name = names.get(token.name);
    const value = name === undefined ? undefined : valueOf(specs[name] as Option, token, flagName(name));
    if (name === undefined)
      problem ??= unknownOption({ path, argv, typed: token.rawName, flags: [...names.keys()], habits: spec.habits });
    else if (value === undefined) problem ??= valueProblem(path, token);
    else options.set(name, [...(options.get(name) ?? []), value]);
  }
  if (!options.has("help")) problem ??= arityProblem(spec, path, [...operands, ...behind]);
  return { options, operands: [...childs, ...operands, ...behind], problem };
}

interface OptionToken {
  readonly name: string;
  readonly value?: string | undefined;
}

/** The words by their kinds, and the options by their flags. No value is changed, so `3.10` stays `3.10`. */
function scan(argv: readonly string[], specs: Specs) {
  const { names, letters } = flagsOf(specs);
  const takes = (flag: string): boolean => names.has(flag) && takesText(specs[names.get(flag) as string] as Option);
  return { tokens: tokensOf(argv, { takesText: takes, byLetter: (letter) => letters.get(letter) }), names };
}

/** Own words end at the first operand, or at an option such as `-c` that makes the rest the child's. */
function cutAtTarget(argv: readonly string[], spec: CommandSpec, specs: Specs) {
  const { taking } = flagsOf(specs);
  const own: string[] = [];
  const childs: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "--") return { own, childs, behind: argv.slice(i + 1) };
    if (spec.handsOverAt?.(word) || word === "-" || !word.startsWith("-"))
      return { own, childs, behind: argv.slice(i) };
    const isChilds = spec.childOptions?.(word);
    const list = isChilds === undefined ? own : childs;
    list.push(word);
    const value = argv[i + 1];
    if ((isChilds || taking.has(word)) && value !== undefined) list.push(argv[++i] as string);
  }
  return { own, childs, behind: [] };
}

/** Undefined for a flag with a value, and for a value that is missing. A flag may itself be called `no-…`, as `--no-index` is; only `no-` before the whole name turns it off. */
function valueOf(option: Option, { name, value }: OptionToken, flag: string): string | boolean | undefined {
  if (option.kind === "flag") return value === undefined ? name === flag : undefined;
  return value ?? (option.kind === "text" ? option.bare : undefined);
}
