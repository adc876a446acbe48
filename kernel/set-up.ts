import { joined, over, type Specs } from "../plugin-api/argv/flags.ts";
import type { Command } from "../plugin-api/command.ts";
import type { Diagnostic } from "../plugin-api/diagnostic.ts";
import type { PybunError } from "../plugin-api/error.ts";
import { globals } from "../plugin-api/globals.ts";
import type { Option } from "../plugin-api/option.ts";
import { readValue } from "../plugin-api/option-value.ts";
import { perObject } from "../plugin-api/per-object.ts";
import { defaultsOf, lineage, locksOf, members, type Preset } from "../plugin-api/preset.ts";
import { createRedactor, secretsIn } from "../plugin-api/redact.ts";
import { Catalogue, Clock, Host, Redactor, type SettingEntry } from "../plugin-api/services.ts";
import { systemClock } from "../plugin-api/system/clock.ts";
import { foreignLayers, readConfiguration, readPolicy, unknownKeys } from "../plugin-api/system/config-files.ts";
import { describeHost, type Origin, outputChoice } from "../plugin-api/system/host.ts";
import { unknownCommand } from "../plugin-api/usage.ts";
import { type Assembly, assemble } from "./assemble.ts";
import { findCommand, parseCommandLine, type Typed } from "./command-line.ts";
import { furtherMembers } from "./presets.ts";
import { settle } from "./settings.ts";

/** Everything a run starts from. */
export interface Start extends Origin {
  readonly signal: AbortSignal;
  readonly presets: Readonly<Record<string, Preset>>;
  /** Name of the preset this executable is. */
  readonly preset: string;
  readonly ask?: (question: string) => Promise<boolean>;
}

type Settings = ReadonlyMap<string, SettingEntry>;

/** What is known before a command runs. */
export interface Setup {
  readonly assembly: Assembly;
  readonly settings: Settings;
  readonly path: string;
  readonly command: Command | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly operands: readonly string[];
  readonly host: Host;
  readonly traceId: string | undefined;
  readonly catalogue: Catalogue;
  readonly given: ReadonlyMap<string, unknown>;
  readonly diagnostics: readonly Diagnostic[];
}

/** argv, environment and files to a command with its options and settings. Throws what a user can mend. */
export async function setUp(start: Start): Promise<Setup> {
  const own = lineage(start.presets, start.preset);
  const base = assemble(members(own));
  const first = read(start, base);
  const diagnostics: Diagnostic[] = [];
  const warn = (found: Diagnostic) => void diagnostics.push(found);
  const word = (name: string) => first.shared.options.get(name)?.at(-1);
  const { layers: files, ...place } = readConfiguration(start, word, warn);
  const policy = readPolicy(start.env, start.platform);
  // What the executable's own preset locks holds whichever preset is chosen.
  const outer = { env: start.env, locked: [...own.flatMap(locksOf), ...(policy ? [policy] : [])] };
  const naming = new Map([...base.settings].filter(([name]) => name === "preset" || name === "plugins"));
  const chosen = settle({ ...outer, settings: naming, layers: files, typed: first.shared });
  const repairs = first.command?.spec.repairsPlugins === true;
  const more = await furtherMembers({ start, chosen, cwd: place.cwd, repairs });
  const assembly = more ? assemble(more.members) : base;
  const presets = more?.presets ?? own;
  const second = more ? read(start, assembly) : first;
  if (second.problem) throw second.problem;
  const others = word("config") === false ? [] : assembly.plugins;
  const foreign = await foreignLayers(others, { ...start, cwd: place.cwd, warn });
  const layers = [...presets.map(defaultsOf), ...foreign, ...files];
  const sources = { ...outer, locked: [...presets.flatMap(locksOf), ...outer.locked], layers, typed: second.typed };
  const settings = settle({ ...sources, settings: assembly.settings, typed: second.shared });
  const declared = Object.entries<Option>(second.command?.spec.options ?? {});
  const specs = new Map(declared.map(([name, option]) => [name, { option, plugin: "" }]));
  const options = valuesOf(settle({ ...sources, settings: specs }));
  const told = [...files, ...(policy ? [policy] : [])];
  diagnostics.push(...unknownKeys(told, () => keysOf(assembly), { ...start, ...place }));
  const preset = presets.at(-1)?.name ?? start.preset;
  return complete({ start, assembly, settings, reading: second, options, place, diagnostics, preset });
}

const valuesOf = (entries: Settings) => Object.fromEntries([...entries].map(([name, { value }]) => [name, value]));

/** Every key somebody reads, those of commands included. */
function keysOf({ settings, commands }: Assembly): readonly string[] {
  const specs = [...commands.values()].flatMap(({ command }) => Object.values<Option>(command.spec.options));
  return [...[...settings.values()].map(({ option }) => option), ...specs].flatMap(({ key }) => key ?? []);
}

const REPORTING = ["format", "verbose", "quiet", "redact", "trace", "color"] as const;

/** Enough to report a failure of `setUp` itself: the built-in plugins and how the caller wants to be told. */
export function fallBack(start: Start): Setup {
  const assembly = assemble(members(lineage(start.presets, start.preset)));
  const reading = read(start, assembly);
  const given = new Map([["format", [start.env["PYBUN_FORMAT"] ?? "text"]], ...reading.shared.options]);
  const isUsable = (name: keyof typeof globals) =>
    given.has(name) && "value" in readValue(given.get(name)?.at(-1), globals[name]);
  const options = new Map(REPORTING.filter(isUsable).map((name) => [name, given.get(name) ?? []]));
  const typed = { options, operands: [] };
  const settings = settle({ settings: assembly.settings, layers: [], locked: [], env: {}, typed });
  const place = { cwd: start.cwd, projectRoot: undefined };
  return complete({ start, assembly, settings, reading, options: {}, place, diagnostics: [], preset: start.preset });
}

interface Reading {
  readonly typed: Typed;
  /** Without the options that the command declares itself under the name of a shared one, as `config list --preset` does. */
  readonly shared: Typed;
  readonly path: string;
  readonly command: Command | undefined;
  /** What is wrong with the words, if no further plugin explains them. */
  readonly problem: PybunError | undefined;
}

/** Stands for a call without a command: the options of every command, nothing else. */
const GROUP = { summary: "", brief: "", options: {}, arity: [0, 1e9], maturity: "stable", group: "More" } as const;

function read(start: Start, assembly: Assembly): Reading {
  const globals = optionsOf(assembly);
  const { path, before, rest, stray } = findCommand(start.argv, assembly.commands, globals);
  const command = assembly.commands.get(path)?.command;
  const declared: Specs = (command?.spec ?? GROUP).options;
  // Of two options of one name the shared one stands before the command, the command's own behind it (SPEC CLI-20).
  const outer = parseCommandLine({ spec: GROUP, path, argv: before, specs: over(globals)(declared) });
  const inner = parseCommandLine({ spec: command?.spec ?? GROUP, path, argv: rest, specs: over(declared)(globals) });
  const word = stray ?? (command ? undefined : inner.operands[0]);
  const problem =
    word === undefined ? (outer.problem ?? inner.problem) : unknownCommand([path, word], assembly.commands, start.argv);
  const own = ([name]: readonly [string, unknown]) => name in declared;
  const shared = joined([...outer.options, ...[...inner.options].filter((each) => !own(each))]);
  const typed = joined([...[...outer.options].filter((each) => !own(each) || !(each[0] in globals)), ...inner.options]);
  return { typed: { ...inner, options: typed }, shared: { ...inner, options: shared }, path, command, problem };
}

const optionsOf = perObject((assembly: Assembly) =>
  Object.fromEntries([...assembly.settings].map(([name, { option }]) => [name, option])),
);

interface Parts {
  readonly start: Start;
  readonly assembly: Assembly;
  readonly settings: Settings;
  readonly reading: Reading;
  readonly options: Readonly<Record<string, unknown>>;
  readonly place: { readonly cwd: string; readonly projectRoot: string | undefined };
  readonly diagnostics: readonly Diagnostic[];
  readonly preset: string;
}

function complete({ start, assembly, settings, reading, options, place, diagnostics, preset }: Parts): Setup {
  const shared = (name: string) => settings.get(name)?.value;
  const { plugins, commands, codes } = assembly;
  const output = outputChoice(shared, reading.command?.spec);
  const host = describeHost(start, shared, { runId: crypto.randomUUID(), output, ...place });
  const catalogue: Catalogue = {
    product: { ...start.product, preset },
    plugins,
    commands,
    globals: optionsOf(assembly),
    codes,
  };
  const given = new Map<string, unknown>([
    [Host.name, host],
    [Catalogue.name, catalogue],
    [Clock.name, systemClock],
    [Redactor.name, createRedactor({ home: host.home, secrets: secretsIn(start.env) })],
  ]);
  const traceId = output.isTraced ? (start.env["PYBUN_TRACE_ID"] ?? crypto.randomUUID()) : undefined;
  const { path, command, typed } = reading;
  return {
    assembly,
    settings,
    path,
    command,
    options,
    operands: typed.operands,
    host,
    traceId,
    catalogue,
    given,
    diagnostics,
  };
}
