import { assemble } from "../kernel/assemble.ts";
import { flagName, type Option } from "../plugin-api/option.ts";
import { lineage, members } from "../plugin-api/preset.ts";
import { PROGRESS_STEPS } from "../plugin-api/progress-model.ts";
import type { JsonSchema } from "../plugins/schema/compare.ts";
import { eventFields } from "../plugins/schema/events.ts";
import { presets } from "../presets/shipped.ts";
import { OTHER_VARIABLES } from "./variables.ts";

type Assembly = ReturnType<typeof assemble>;

/** The pages of docs/reference, made from the declarations of the default preset: file name and text. */
export function referencePages(): Readonly<Record<string, string>> {
  const assembly = assemble(members(lineage(presets, "default")));
  return {
    "commands.md": commandsPage(assembly),
    "settings.md": settingsPage(assembly),
    "environment.md": environmentPage(assembly),
    "codes.md": codesPage(assembly),
    "events.md": eventsPage(),
  };
}

const NOTE = "<!-- Written by `npm run docs` from the declarations in the code; edit those. -->";
const page = (title: string, ...parts: readonly string[]): string => `${[`# ${title}`, NOTE, ...parts].join("\n\n")}\n`;

/** A cell of a table: no line ends, no bare bars. */
const cell = (text: string): string => text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
const code = (text: string | undefined): string => (text === undefined || text === "" ? "" : `\`${text}\``);

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

function commandsPage({ commands, settings }: Assembly): string {
  const sections = [...commands].map(([path, { command }]) => {
    const { summary, operands = "", handsOver, maturity, options, examples = [] } = command.spec;
    const order = handsOver ? ["[options]", operands] : [operands, "[options]"];
    const usage = ["pybun", path, ...order].filter((word) => word !== "").join(" ");
    const width = Math.max(0, ...examples.map(([line]) => line.length));
    const shown = examples.map(([line, note]) => `${line.padEnd(width)}  # ${note}`).join("\n");
    return [
      `## pybun ${path}`,
      `${summary}. Level: ${maturity}.`,
      `\`\`\`console\n${usage}\n\`\`\``,
      ...(shown === "" ? [] : [`\`\`\`console\n${shown}\n\`\`\``]),
      ...(Object.keys(options).length === 0 ? [] : [optionTable(options)]),
    ].join("\n\n");
  });
  const globals = Object.fromEntries([...settings].map(([name, { option }]) => [name, option]));
  return page("Commands", ...sections, "## Options of every command", optionTable(globals));
}

function optionTable(options: Readonly<Record<string, Option>>): string {
  const rows = Object.entries(options)
    .filter(([, option]) => option.argv !== false)
    .map(([name, option]) => [
      flags(name, option),
      option.help,
      defaultOf(option),
      code(option.env?.[0]),
      code(option.key),
    ]);
  return table(["option", "", "default", "variable", "key"], rows);
}

function flags(name: string, option: Option): string {
  const long = option.kind === "flag" && option.default === true ? `--no-${flagName(name)}` : `--${flagName(name)}`;
  const choices = "choices" in option && option.choices ? option.choices.join("|") : undefined;
  const value = option.kind === "flag" ? "" : ` <${choices ?? option.value ?? "VALUE"}>`;
  return [...(option.short === undefined ? [] : [code(`-${option.short}`)]), code(long + value)].join(", ");
}

const defaultOf = (option: Option): string =>
  "default" in option && option.default !== undefined ? code(String(option.default)) : "";

/** Every option that a file can set, once, by key. */
function keyed({ settings, commands }: Assembly): readonly (readonly [key: string, option: Option, owner: string])[] {
  const found = new Map<string, readonly [string, Option, string]>();
  for (const { option, plugin } of settings.values())
    if (option.key !== undefined) found.set(option.key, [option.key, option, plugin]);
  for (const { command, plugin } of commands.values())
    for (const option of Object.values<Option>(command.spec.options))
      if (option.key !== undefined && !found.has(option.key)) found.set(option.key, [option.key, option, plugin]);
  return [...found.values()].sort(([a], [b]) => (a < b ? -1 : 1));
}

function settingsPage(assembly: Assembly): string {
  const rows = keyed(assembly).map(([key, option, owner]) => [
    code(key),
    "choices" in option && option.choices ? option.choices.map(code).join(", ") : option.kind,
    defaultOf(option),
    option.help,
    (option.env ?? []).map(code).join(", "),
    owner,
  ]);
  return page(
    "Settings",
    "Keys of `[tool.pybun]` in pyproject.toml, and without that prefix of `.pybun/config.toml` and the user's file. " +
      "A flag is stronger than a variable, a variable stronger than a file.",
    table(["key", "values", "default", "", "variables", "plugin"], rows),
  );
}

function environmentPage({ settings, commands }: Assembly): string {
  const options = [
    ...[...settings.values()].map(({ option }) => option),
    ...[...commands.values()].flatMap(({ command }) => Object.values<Option>(command.spec.options)),
  ];
  const rows = new Map(Object.entries(OTHER_VARIABLES).map(([name, meaning]) => [name, [code(name), meaning, ""]]));
  for (const option of options)
    for (const name of option.env ?? []) rows.set(name, [code(name), option.help, code(option.key)]);
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return page("Environment variables", table(["variable", "", "key"], sorted));
}

function codesPage({ codes }: Assembly): string {
  const sections = [...codes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { exitCode, plugin, summary, cause, example, repair }]) =>
      [
        `## ${name}`,
        `${sentence(summary)} ${exitCode === undefined ? "The command goes on" : `Exit code ${exitCode}`}; plugin \`${plugin}\`.`,
        `- Cause: ${cause}\n- Example: ${example}\n- Repair: ${repair}`,
      ].join("\n\n"),
    );
  return page("Codes of errors and warnings", "`pybun explain CODE` prints the same.", ...sections);
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

function eventsPage(): string {
  const rows = Object.entries(PROGRESS_STEPS)
    .filter(([type]) => type !== "Report")
    .map(([type, step]) => {
      const { properties = {}, required = [] } = eventFields[type as keyof typeof eventFields] as unknown as JsonSchema;
      const fields = Object.entries(properties).map(([name, schema]) => {
        const kind = typeof schema.type === "string" ? schema.type : "string";
        return `\`${name}\`${required.includes(name) ? "" : "?"} ${kind}`;
      });
      return [code(type), fields.join(", "), step === "silent" ? "silent" : "shown"];
    });
  return page(
    "Events",
    "Every line of `--format=ndjson` but the last, and every entry of `events` in the envelope, has `type`, `seq` " +
      "(rising from 1) and `timestamp` (RFC 3339, UTC), and the fields of its type. The last column says whether the " +
      "progress display shows it. `pybun schema print --type event` prints the JSON Schema.",
    table(["type", "fields", "progress"], rows),
  );
}
