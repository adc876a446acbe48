import type { Result } from "../harness/project.ts";

// How an outcome stands in a snapshot: what a person reads first, then what a program reads.

/** Fields of the envelope that are the same for all commands, or differ from run to run; its schema holds them. */
const LEFT_OUT = ["version", "command", "duration_ms", "run_id", "events", "pybun"];
/** Long enough for any report; what is longer is a file that the command writes for others. */
const MAX_LINES = 70;
const KEPT_LINES = 12;
const MAX_STRING = 400;
const WIDTH = 120;

export interface Outcome {
  readonly shows: string;
  readonly words: readonly string[];
  readonly folder: string | undefined;
  readonly text: Result;
  readonly json: Result;
}

/** The section of a snapshot; lines of standard error are marked `2>`. */
export function showOutcome({ shows, words, folder, text, json }: Outcome): string {
  const typed = words.map((word) => (/^[\w@%+=:,./{}~^-]+$/.test(word) ? word : `'${word}'`)).join(" ");
  return [
    `## ${shows}`,
    "",
    `${folder === undefined ? "" : `${folder} `}$ pybun ${typed}`,
    ...shorten(linesOf(text.stdout)),
    ...shorten(linesOf(text.stderr)).map((line) => (line === "" ? "2>" : `2> ${line}`)),
    ...(text.exitCode === 0 ? [] : [`exit ${text.exitCode}`]),
    "",
    ...shorten(linesOf(showEnvelope(json.stdout))),
    "",
    "",
  ].join("\n");
}

const linesOf = (text: string): readonly string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

const shorten = (lines: readonly string[]): readonly string[] =>
  lines.length <= MAX_LINES ? lines : [...lines.slice(0, KEPT_LINES), "[and more]"];

function showEnvelope(stdout: string): string {
  const envelope = withoutSystemPythons(JSON.parse(stdout)) as Readonly<Record<string, unknown>>;
  const shown = Object.entries(envelope).filter(
    ([key, value]) => !LEFT_OUT.includes(key) && !(key === "diagnostics" && (value as readonly unknown[]).length === 0),
  );
  return draw(Object.fromEntries(shown), "");
}

/** They are found on every machine, and differ. */
function withoutSystemPythons(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isSystemPython(item)).map(withoutSystemPythons);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutSystemPythons(field)]));
}

const isSystemPython = (item: unknown): boolean =>
  typeof item === "object" && item !== null && "source" in item && item.source === "system";

/** JSON in which what fits into a line stands in one. */
function draw(value: unknown, indent: string): string {
  const line = drawLine(value);
  if (typeof value !== "object" || value === null || (indent !== "" && indent.length + line.length <= WIDTH))
    return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => `${inner}${draw(item, inner)}`);
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  const fields = Object.entries(value).map(([key, field]) => `${inner}${JSON.stringify(key)}: ${draw(field, inner)}`);
  return `{\n${fields.join(",\n")}\n${indent}}`;
}

function drawLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(drawLine).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${drawLine(field)}`);
    return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
  }
  if (typeof value === "string" && value.length > MAX_STRING) return `${JSON.stringify(value.slice(0, 60))} and more`;
  return JSON.stringify(value);
}
