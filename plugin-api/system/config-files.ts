import fs from "node:fs";
import path from "node:path";
import { parse, TomlError } from "smol-toml";
import type { Diagnostic } from "../diagnostic.ts";
import { warning } from "../diagnostic.ts";
import { PybunError } from "../error.ts";
import { nearest } from "../nearest.ts";
import type { Origin } from "../option.ts";
import type { Plugin, ReadForeignSettings } from "../plugin.ts";
import { showPath } from "../text/show-path.ts";
import { tomlFault } from "../toml-fault.ts";
import { tomlLine } from "../toml-line.ts";
import { systemConfigDir, userConfigDir } from "./directories.ts";
import { findProjectRoot } from "./project-root.ts";

type Table = Readonly<Record<string, unknown>>;

/** Values of one place by dotted key; later layers win. */
export interface Layer {
  readonly kind: Origin["kind"];
  readonly name: string;
  readonly values: ReadonlyMap<string, unknown>;
  /** Lines by key, where the reader knows them. */
  readonly lines?: ReadonlyMap<string, number>;
}

/** Where configuration files are looked for. */
export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: string;
  readonly projectRoot: string | undefined;
  readonly configFile?: string;
  /** Folder that files are named from in messages. */
  readonly cwd?: string;
}

const showFile = (file: string, { cwd, home }: Pick<Place, "cwd" | "home">): string =>
  cwd === undefined ? file : showPath(file, { cwd, home });

/** Reads the configuration files, lowest precedence first (SPEC CFG-01 to CFG-03). Throws `E_CONFIG_INVALID`. */
export function readLayers(place: Place, warn: (diagnostic: Diagnostic) => void): readonly Layer[] {
  const layers: Layer[] = [];
  const add = (file: string, pick: (table: Table) => Table | undefined = (table) => table) => {
    const table = readToml(file, showFile(file, place));
    const picked = table && pick(table);
    if (picked) layers.push({ kind: "file", name: file, values: new Map(Object.entries(picked)) });
  };
  add(path.join(systemConfigDir(place.env, place.platform), "config.toml"));
  add(place.configFile ?? path.join(userConfigDir(place.env, place.home, place.platform), "config.toml"));
  if (place.configFile !== undefined && !fs.existsSync(place.configFile))
    throw new PybunError("E_CONFIG_INVALID", `no file ${place.configFile}, asked for by --config-file`);
  if (place.projectRoot !== undefined) {
    const pyproject = path.join(place.projectRoot, "pyproject.toml");
    add(pyproject, (table) => ownTable(table, pyproject, warn));
    add(path.join(place.projectRoot, ".pybun", "config.toml"));
  }
  return layers;
}

/** The machine's policy file as locked values by key (SPEC CFG-04). */
export function readPolicy(env: Place["env"], platform: string): Layer | undefined {
  const file = path.join(systemConfigDir(env, platform), "policy.toml");
  const table = readToml(file);
  return table && { kind: "policy", name: file, values: new Map(Object.entries(table)) };
}

function readToml(file: string, shown = file): Table | undefined {
  // Most are not there, and an exception takes far longer than a question.
  if (!fs.existsSync(file)) return undefined;
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "EISDIR")
      throw new PybunError("E_CONFIG_INVALID", `${shown} is a folder, not a file`, {
        file,
        hints: [`move the folder away: \`mv ${shown} ${shown}.old\``],
      });
    throw error;
  }
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { words, detail } = tomlFault(text, error);
    throw new PybunError("E_CONFIG_INVALID", shown + words, { file, ...detail });
  }
}

function ownTable(pyproject: Table, file: string, warn: (diagnostic: Diagnostic) => void): Table | undefined {
  const tool = (pyproject["tool"] ?? {}) as Table;
  const own = tool["pybun"] as Table | undefined;
  const alias = tool["dx-py"] as Table | undefined;
  if (!alias) return own;
  for (const key of Object.keys(alias))
    if (own && key in own && JSON.stringify(own[key]) !== JSON.stringify(alias[key]))
      warn(warning("W_CONFIG_ALIAS", `\`${key}\` differs between [tool.pybun] and [tool.dx-py] in ${file}`, { file }));
  return { ...alias, ...own };
}

/** Keys that nobody declared (SPEC CFG-06). `keys` gives those that somebody did; most projects and users set none. */
export function unknownKeys(
  layers: readonly Layer[],
  keys: () => readonly string[],
  place: Pick<Place, "cwd" | "home">,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const read = layers.filter(({ kind, values }) => (kind === "file" || kind === "policy") && values.size > 0);
  const known = read.length > 0 ? keys() : [];
  for (const layer of read)
    for (const key of flatten(Object.fromEntries(layer.values), "", known)) {
      const near = nearest(key, known);
      const hints = near ? [`did you mean \`${near}\``] : [];
      const line = lineIn(layer, key);
      const where = `${showFile(layer.name, place)}${line === undefined ? "" : `:${line}`}`;
      const at = { file: layer.name, ...(line !== undefined && { line }) };
      found.push(warning("W_CONFIG_UNKNOWN", `nothing reads \`${key}\` in ${where}`, { ...at, hints }));
    }
  return found;
}

function flatten(table: Table, prefix: string, known: readonly string[]): string[] {
  return Object.entries(table).flatMap(([name, value]) => {
    const key = prefix + name;
    if (known.includes(key)) return [];
    const isParent = known.some((other) => other.startsWith(`${key}.`));
    return isParent && typeof value === "object" && value !== null && !Array.isArray(value)
      ? flatten(value as Table, `${key}.`, known)
      : [key];
  });
}

/** The line on which the file of a layer sets a key, for a message; undefined where it can't be told. */
export function lineIn({ kind, name }: Pick<Layer, "kind" | "name">, key: string): number | undefined {
  if (kind !== "file" && kind !== "policy") return undefined;
  let text: string;
  try {
    text = fs.readFileSync(name, "utf8");
  } catch {
    return undefined;
  }
  const parts = key.split(".");
  const tables = path.basename(name) === "pyproject.toml" ? ["pybun", "dx-py"].map((tool) => ["tool", tool]) : [[]];
  return tables.map((table) => tomlLine(text, [...table, ...parts])).find((line) => line !== undefined);
}

/** `:12` when the file's twelfth line is the first to hold the text; empty when none does. */
export function findLine(file: string, text: string): string {
  const line = fs
    .readFileSync(file, "utf8")
    .split("\n")
    .findIndex((row) => row.includes(text));
  return line < 0 ? "" : `:${line + 1}`;
}

/** Folder, project and files a call acts on, by its own words (`--directory`, `--project`, `--config-file`, `--no-config`). */
export function readConfiguration(
  start: Pick<Place, "env" | "home" | "platform"> & { readonly cwd: string },
  word: (name: string) => string | boolean | undefined,
  warn: (diagnostic: Diagnostic) => void,
): { readonly cwd: string; readonly projectRoot: string | undefined; readonly layers: readonly Layer[] } {
  const text = (name: string) => word(name) as string | undefined;
  const cwd = path.resolve(start.cwd, text("directory") ?? "");
  const root = text("project");
  const projectRoot = root === undefined ? findProjectRoot(cwd, start.home) : path.resolve(cwd, root);
  const isAboutPybun = word("help") === true || word("version") === true;
  for (const [flag, folder] of [
    ["--directory", cwd],
    ["--project", projectRoot],
  ] as const)
    if (folder !== undefined && !fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      if (isAboutPybun && folder === start.cwd) continue;
      throw folder === start.cwd
        ? new PybunError("E_USAGE", "the current folder was removed", { hints: ["go to one that exists: `cd ~`"] })
        : new PybunError("E_USAGE", `no folder ${folder}, asked for by ${flag}`);
    }
  const file = text("configFile") ?? start.env["PYBUN_CONFIG_FILE"];
  const place = { ...start, cwd, projectRoot, ...(file === undefined ? {} : { configFile: path.resolve(cwd, file) }) };
  return { cwd, projectRoot, layers: word("config") === false ? [] : readLayers(place, warn) };
}

/** Settings that plugins read from other tools' files, one layer each, in the plugins' order (SPEC CFG-05). */
export async function foreignLayers(
  plugins: readonly Plugin[],
  place: Parameters<ReadForeignSettings>[0],
): Promise<readonly Layer[]> {
  const layers: Layer[] = [];
  for (const reader of await Promise.all(plugins.flatMap(({ foreignSettings }) => foreignSettings?.() ?? [])))
    for (const { key, value, origin, line } of reader?.default(place) ?? [])
      layers.push({
        kind: "file",
        name: origin,
        values: new Map([[key, value]]),
        ...(line ? { lines: new Map([[key, line]]) } : {}),
      });
  return layers;
}
