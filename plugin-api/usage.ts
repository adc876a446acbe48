import type { CommandSpec } from "./command.ts";
import { PybunError } from "./error.ts";
import { nearest, nearestCommand } from "./nearest.ts";

/** `E_USAGE` of one command, with the way to its help. */
export const usageError = (
  path: string,
  message: string,
  context: Readonly<Record<string, unknown>> = {},
): PybunError =>
  new PybunError("E_USAGE", message, {
    context,
    hints: [`see \`${path === "" ? "pybun help" : `pybun help ${path}`}\``],
  });

/** `E_USAGE` for an option nobody declared, with the whole corrected line where another tool has it, or a name is near (SPEC CLI-10). */
export function unknownOption(call: {
  readonly path: string;
  readonly argv: readonly string[];
  readonly typed: string;
  readonly flags: readonly string[];
  readonly habits?: CommandSpec["habits"];
}): PybunError {
  const { path, argv, typed, flags, habits = {} } = call;
  const near = Object.hasOwn(habits, typed) ? habits[typed] : nearestFlag(typed, flags);
  const message = `\`${path === "" ? "pybun" : `pybun ${path}`}\` has no option \`${typed}\``;
  if (near === undefined) return usageError(path, message);
  const mend = (word: string): readonly string[] => {
    if (word === typed) return near.split(" ");
    if (!word.startsWith(`${typed}=`)) return [word];
    return near === "" ? [word.slice(typed.length + 1)] : [near + word.slice(typed.length)];
  };
  const command = ["pybun", ...path.split(" "), ...argv.flatMap(mend)].filter((word) => word !== "");
  return new PybunError("E_USAGE", message, {
    hints: [`did you mean: \`${command.join(" ")}\``],
    fixes: [{ id: "correct-option", applicability: "review", command }],
  });
}

function nearestFlag(typed: string, flags: readonly string[]): string | undefined {
  const near = typed.startsWith("--") ? nearest(typed.slice(2), flags) : undefined;
  return near === undefined ? undefined : `--${near}`;
}

type Commands = ReadonlyMap<string, { readonly command: { readonly spec: CommandSpec } }>;

/**
 * `E_USAGE` for a word that begins no command, behind the words of its group, with the corrected line where a name is near. What
 * follows the word in `argv` stays in that line when it is operands and the command takes so many.
 */
export function unknownCommand(words: readonly string[], known: Commands, argv: readonly string[] = []): PybunError {
  const word = words.join(" ").trim();
  const behind = argv.slice(argv.indexOf(words.at(-1) ?? "") + 1);
  const commands = [...known.keys()];
  const name = nearestCommand(word, commands);
  const near = name && [name, ...operandsFor(known.get(name)?.command.spec, behind)].join(" ");
  const outer = word.split(" ").slice(0, -1).join(" ");
  const group = commands.some((command) => command.startsWith(`${outer} `)) ? [outer] : [];
  return new PybunError("E_USAGE", `no command \`${word}\``, {
    hints: [near ? `did you mean: \`pybun ${near}\`` : `see \`${["pybun help", ...group].join(" ")}\``],
    ...(near
      ? { fixes: [{ id: "correct-command", applicability: "review", command: ["pybun", ...near.split(" ")] }] }
      : {}),
  });
}

function operandsFor(spec: CommandSpec | undefined, words: readonly string[]): readonly string[] {
  if (spec === undefined || !words.every((word) => /^[\w./=+-]+$/.test(word) && !word.startsWith("-"))) return [];
  return arityProblem(spec, "", words) === undefined ? words : [];
}

/** `E_USAGE` for a flag with a value, or an option without one. */
export const valueProblem = (
  path: string,
  typed: { readonly rawName: string; readonly value?: string | undefined },
): PybunError =>
  usageError(path, `\`${typed.rawName}\` ${typed.value === undefined ? "needs a value" : "takes no value"}`);

/** `E_USAGE` for too few or too many operands; undefined when their number is right. */
export function arityProblem(spec: CommandSpec, path: string, operands: readonly string[]): PybunError | undefined {
  const [least, most] = spec.arity ?? [0, spec.handsOver ? Number.POSITIVE_INFINITY : 0];
  const form = `pybun ${path} ${spec.operands ?? ""}`.trimEnd();
  if (operands.length < least) return usageError(path, `something is missing: \`${form}\``);
  if (operands.length > most)
    return usageError(path, `\`pybun ${path}\` does not take \`${operands[most]}\``, { form });
  return undefined;
}
