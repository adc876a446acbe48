import type { CommandSpec } from "../../plugin-api/command.ts";
import type { Paint } from "../../plugin-api/report.ts";
import type { Catalogue } from "../../plugin-api/services.ts";
import { counted } from "../../plugin-api/text/units.ts";
import { wrap } from "../../plugin-api/text/wrap.ts";
import { isShown, optionRows } from "./option-rows.ts";
import { type Row, table } from "./table.ts";

/** How help is laid out. */
export interface HelpLayout {
  /** From 1 on the options of every command are listed too. */
  readonly verbosity: number;
  /** Columns; help takes at most 100, and 80 where there is no terminal. */
  readonly width: number;
  /** Role of headings. */
  readonly heading?: Paint;
}
interface Layout {
  readonly isFull: boolean;
  readonly width: number;
  readonly heading: Paint;
}

/**
 * Help for all commands (`path` is empty), a group such as `python`, or one command. Made from the declarations alone
 * and without the version, so that it is the same bytes until a declaration changes (SPEC CLI-01).
 */
export function renderHelp(catalogue: Catalogue, path: string, { verbosity, width, heading }: HelpLayout): string {
  const layout: Layout = {
    isFull: verbosity > 0,
    width: Number.isFinite(width) ? Math.min(width, 100) : 80,
    heading: heading ?? ((text) => text),
  };
  const spec = catalogue.commands.get(path)?.command.spec;
  const lines =
    path === ""
      ? mainHelp(catalogue, layout)
      : spec
        ? commandHelp(catalogue, { path, spec }, layout)
        : groupHelp(catalogue, path, layout);
  return `${lines.join("\n")}\n`;
}

/** `python` is the group of `python list`. */
export function isGroup({ commands }: Catalogue, path: string): boolean {
  for (const name of commands.keys()) if (name.startsWith(`${path} `)) return true;
  return false;
}

const GROUPS = ["Project", "Run", "Python", "More"] as const;

/** What the product can do, each word earned by a command. */
const ABILITIES: readonly (readonly [words: string, command: string])[] = [
  ["packages", "x"],
  ["Python versions", "python list"],
  ["environments", "env list"],
  ["scripts", "run"],
  ["tests", "test"],
  ["builds", "build"],
];

function mainHelp(catalogue: Catalogue, layout: Layout): readonly string[] {
  const { commands, product } = catalogue;
  const words = ABILITIES.filter(([, command]) => commands.has(command)).map(([word]) => word);
  const last = words.at(-1);
  const list = words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${last}` : (last ?? "Python");
  const rows = topLevel(catalogue);
  const least = Math.max(0, ...rows.map(({ row }) => row.left.length));
  const sections = GROUPS.flatMap((group) => {
    const members = rows.filter((row) => row.group === group).map(({ row }) => row);
    return members.length === 0 ? [] : [layout.heading(group), ...table(members, layout.width, least), ""];
  });
  return [
    ...wrap(`PyBun: ${list} in one tool`, layout),
    "",
    `${layout.heading("Usage:")} ${product.name} <command> [options]`,
    "",
    ...sections,
    ...(layout.isFull ? globalOptions(catalogue, layout) : shortOptions(catalogue, layout)),
    ...beside([`One command: ${product.name} help <command>`, `All options: ${product.name} --help -v`], layout.width),
  ];
}

const USUAL_PLACE = 100;

/** One line a command; the commands of a group share the line of their first word. */
function topLevel({ commands }: Catalogue): readonly { readonly group: string; readonly row: Row }[] {
  const rows = new Map<string, { group: string; row: Row; isPreview: boolean; place: number }>();
  for (const [path, { command }] of commands) {
    const [name = "", ...rest] = path.split(" ");
    const known = rows.get(name)?.row.middle;
    const isPreview = command.spec.maturity === "preview" && (rows.get(name)?.isPreview ?? true);
    const { group, brief, place = USUAL_PLACE } = command.spec;
    const middle = rest.length === 0 ? brief : known === undefined ? rest.join(" ") : `${known}, ${rest.join(" ")}`;
    const right = isPreview ? "preview" : rest.length > 0 ? "" : exampleOf(command.spec);
    const first = Math.min(place, rows.get(name)?.place ?? place);
    rows.set(name, { group, row: { left: name, middle, right }, isPreview, place: first });
  }
  return [...rows.values()].sort((a, b) => a.place - b.place);
}

/** Commands that say nothing without operands show how they are called. */
const exampleOf = ({ arity, examples }: CommandSpec): string => ((arity?.[0] ?? 0) > 0 && examples?.[0]?.[0]) || "";

function shortOptions({ globals }: Catalogue, { width }: Layout): readonly string[] {
  const names = ["help", "version", "verbose", "quiet", "offline"].filter((name) => name in globals);
  const flags = names.map((name) => `--${name}`);
  return wrap(`Options: ${[...flags, ...("format" in globals ? ["--format=json"] : [])].join(", ")}`, {
    width,
    hanging: 2,
  });
}

function commandHelp(catalogue: Catalogue, command: { path: string; spec: CommandSpec }, layout: Layout) {
  const { path, spec } = command;
  const { product, globals } = catalogue;
  const operands = spec.operands ?? "";
  const order = spec.handsOver ? ["[options]", operands] : [operands, "[options]"];
  const usage = [product.name, path, ...order].filter((word) => word !== "").join(" ");
  const examples = (spec.examples ?? []).map(([line, note]) => ({ left: line, middle: note }));
  const own = optionRows(spec.options);
  const more = Object.values(globals).filter(isShown).length;
  const level = spec.maturity === "stable" ? "Stable." : "Preview.";
  return [
    ...wrap(spec.summary, layout),
    "",
    `${layout.heading("Usage:")} ${usage}`,
    "",
    ...(examples.length === 0 ? [] : [layout.heading("Examples"), ...exampleLines(examples, layout.width), ""]),
    ...(own.length === 0 ? [] : [layout.heading("Options"), ...table(own, layout.width), ""]),
    ...(layout.isFull
      ? [...globalOptions(catalogue, layout), level]
      : wrap(
          `${level} ${counted(more, own.length === 0 ? "option" : "more option")} for every command: \`${product.name} ${path} --help -v\``,
          layout,
        ).map((line) => line.replaceAll("`", ""))),
  ];
}

/** A longer example has its note on the line below. */
const WIDEST_EXAMPLE = 44;

/** Examples never wrap: they are there to be pasted. Their notes do. */
function exampleLines(examples: readonly Row[], width: number): readonly string[] {
  const beside = examples.map(({ left }) => left.length).filter((length) => length <= WIDEST_EXAMPLE);
  const column = 2 + Math.max(0, ...beside) + 2;
  const fits = examples.every(({ left, middle }) => left.length > WIDEST_EXAMPLE || column + middle.length <= width);
  const indent = fits ? column : Math.min(column, Math.max(6, width - 24));
  return examples.flatMap(({ left, middle }) => {
    const [first = "", ...further] = middle === "" ? [""] : wrap(middle, { width, indent });
    const head = `  ${left}`;
    if (head.length + 2 <= indent) return [`${head.padEnd(indent)}${first.trimStart()}`.trimEnd(), ...further];
    return [head, ...(first === "" ? [] : [first]), ...further];
  });
}

function groupHelp(catalogue: Catalogue, path: string, layout: Layout): readonly string[] {
  const { commands, product } = catalogue;
  const rows = [...commands]
    .filter(([name]) => name.startsWith(`${path} `))
    .map(([name, { command }]) => ({
      left: name.slice(path.length + 1),
      middle: command.spec.brief,
      right: command.spec.maturity === "preview" ? "preview" : "",
    }));
  return [
    `${layout.heading("Usage:")} ${product.name} ${path} <command> [options]`,
    "",
    layout.heading("Commands"),
    ...table(rows, layout.width),
    "",
    ...(layout.isFull ? globalOptions(catalogue, layout) : []),
    `One command: ${product.name} help ${path} <command>`,
  ];
}

const globalOptions = ({ globals }: Catalogue, layout: Layout): readonly string[] => [
  layout.heading("Options of every command"),
  ...table(optionRows(globals), layout.width),
  "",
];

/** Two notes on one line where both fit, with the second at a fixed column. */
function beside(notes: readonly [string, string], width: number): readonly string[] {
  const line = notes[0].padEnd(43) + notes[1];
  return line.length <= width ? [line] : notes;
}
