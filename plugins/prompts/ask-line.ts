import type { LineQuestion } from "../../plugin-api/prompts.ts";

/** What asking for a line needs of its surroundings. */
export interface Asking {
  /** Shows the question and waits for a line; undefined for an empty one and at the end of input. */
  readonly read: (prompt: string) => Promise<string | undefined>;
  readonly write: (text: string) => void;
  readonly paint: { readonly name: (text: string) => string; readonly dim: (text: string) => string };
}

/** Asks until nothing is wrong with the answer. */
export async function askLine(question: LineQuestion, { read, write, paint }: Asking): Promise<string> {
  const { words, usual, choices } = question;
  const options = choices === undefined ? "" : ` ${paint.dim(`[${choices.join("/")}]`)}`;
  const taken = usual === "" ? "" : ` ${paint.dim(`(${usual})`)}`;
  if (question.above) write(`${question.above.join("\n")}\n`);
  for (;;) {
    const line = (await read(`${paint.name(words)}${options}${taken}: `))?.trim() ?? "";
    if (line === "") return usual;
    const answer = choices === undefined ? line : chosen(line, choices);
    const problem = answer === undefined ? `one of ${choices?.join(", ")}` : question.problem?.(answer);
    if (answer !== undefined && problem === undefined) return answer;
    write(`  ${problem}\n`);
  }
}

/** The choice that was typed, or the only one that begins like that. */
function chosen(line: string, choices: readonly string[]): string | undefined {
  const word = line.toLowerCase();
  if (choices.includes(word)) return word;
  const alike = choices.filter((choice) => choice.startsWith(word));
  return alike.length === 1 ? alike[0] : undefined;
}
