import type { Option, OptionSpecs, Values } from "./option.ts";
import type { Report } from "./report.ts";
import type { Session } from "./session.ts";

export type Load<T> = () => Promise<{ readonly default: T }>;

/** How finished a command or plugin is (SPEC GEN-04). */
export type Maturity = "preview" | "stable";

/** What a user sees of a command: read by help, reference, completions and MCP without loading its code. */
export interface CommandSpec<O extends OptionSpecs = OptionSpecs> {
  /** One line, capital first, no full stop: the first line of its help. */
  readonly summary: string;
  /** One or two words or a clause for the list in the main help; lower case. */
  readonly brief: string;
  /** Operands as usage shows them: `<name>...`, `[path]`, `<target> [args...]`. */
  readonly operands?: string;
  /** Fewest and most operands; anything else is `E_USAGE`. Default: none. */
  readonly arity?: readonly [least: number, most: number];
  readonly options: O;
  /** Options that other tools have for it, by flag, and the words that mean the same here: `""` for none. A slip is answered with them. */
  readonly habits?: Readonly<Record<string, string>>;
  /** Two to four lines that run as they stand: the command, and what it does. */
  readonly examples?: readonly (readonly [command: string, note: string])[];
  readonly maturity: Maturity;
  /** Heading in the main help: Project, Run, Python or More. */
  readonly group: "Project" | "Run" | "Python" | "More";
  /** Its place below that heading, lower ones first; by default 100. Equal ones stand in the order of the plugins. */
  readonly place?: number;
  /** Everything behind the first operand belongs to the child, verbatim and in order (SPEC CLI-09). */
  readonly handsOver?: boolean;
  /**
   * Options that stop the search for the first operand and take all that follows, such as `-c` and `-m` of `run`:
   * the option and its value become the first two operands.
   */
  readonly handsOverAt?: (word: string) => boolean;
  /** Options passed on to the child when they stand before the target, such as `-X`: whether the next word is the value. */
  readonly childOptions?: (word: string) => boolean | undefined;
  /** The command's result goes through the child's streams; the text reporter stays silent on success. */
  readonly isHosting?: boolean;
  /** It changes or checks something: its text says how that went, and `--quiet` leaves it out unless something was found. */
  readonly isAct?: boolean;
  /** Works where added plugins can't be loaded, because it is what mends that. */
  readonly repairsPlugins?: boolean;
  /** JSON Schema of `data`, for `schema print --type data`. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export type Run<O extends OptionSpecs> = (
  options: Values<O>,
  operands: readonly string[],
  session: Session,
) => Promise<Report>;

/** A command: its spec is data, its code is loaded only when it runs. */
export interface Command {
  readonly spec: CommandSpec;
  readonly load: Load<(options: never, operands: readonly string[], session: Session) => Promise<Report>>;
}

/** Ties a spec to the code that runs it, with the options' types checked on both sides. */
export const command = <const O extends OptionSpecs>(spec: CommandSpec<O>, load: Load<Run<O>>): Command => ({
  spec,
  load,
});

/** Keeps the literal types of a spec, so that `RunOf<typeof spec>` knows its options. */
export const commandSpec = <const O extends Readonly<Record<string, Option>>>(spec: CommandSpec<O>): CommandSpec<O> =>
  spec;

/** The type of the function that runs a command with this spec. */
export type RunOf<S> = S extends CommandSpec<infer O> ? Run<O> : never;
