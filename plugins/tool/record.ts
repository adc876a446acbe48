import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import type { KeptSettings } from "./kept-settings.ts";
import type { ToolPlaces } from "./places.ts";

/**
 * What an installed tool is meant to be: written before its environment is changed, so that whatever a killed command left
 * can be told and completed. The pins are the tool's lock.
 */
export interface ToolRecord {
  readonly format: 1;
  /** In normal form. */
  readonly name: string;
  readonly version: string;
  /** As PEP 508 has it. */
  readonly requirement: string;
  readonly with: readonly string[];
  /** What `--python` asked for. */
  readonly python?: string;
  /** What else was typed that decides packages: indexes above all. */
  readonly settings?: KeptSettings;
  readonly interpreter: { readonly path: string; readonly version: string };
  /** Folders in the environment, relative to it. */
  readonly folders: { readonly site: string; readonly scripts: string };
  readonly commands: readonly string[];
  /** Folders that commands of it were ever put into. */
  readonly bins: readonly string[];
  readonly pins: readonly Pin[];
}

const fileOf = ({ tools }: ToolPlaces, name: string): string => path.join(tools, `${name}.json`);

/** The record of a tool; undefined when it is not installed. Throws `E_TOOL_RECORD`. */
export function readRecord(places: ToolPlaces, name: string): ToolRecord | undefined {
  let text: string;
  try {
    text = fs.readFileSync(fileOf(places, name), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const record = parsed(text);
  if (record?.format === 1 && Array.isArray(record.pins) && record.name === name) return record as ToolRecord;
  const isNewer = typeof record?.format === "number" && record.format > 1;
  throw new PybunError(
    "E_TOOL_RECORD",
    `what is recorded of tool \`${name}\` ${isNewer ? "is of a newer PyBun" : "is damaged"}`,
    {
      hints: [`install it anew: \`pybun tool install ${name} --force\``],
      context: { name, file: fileOf(places, name) },
    },
  );
}

function parsed(text: string): Partial<ToolRecord> | undefined {
  try {
    return JSON.parse(text) as Partial<ToolRecord>;
  } catch {
    return undefined;
  }
}

/** A URL may hold a login: the file is its owner's alone. */
export function writeRecord(places: ToolPlaces, record: ToolRecord): void {
  fs.mkdirSync(places.tools, { recursive: true });
  writeAtomically(fileOf(places, record.name), `${JSON.stringify(record)}\n`, { mode: 0o600, isDurable: true });
}

export const removeRecord = (places: ToolPlaces, name: string): void =>
  fs.rmSync(fileOf(places, name), { force: true });

/** Names of all installed tools, sorted. */
export function recordedNames({ tools }: ToolPlaces): readonly string[] {
  if (!fs.existsSync(tools)) return [];
  const names = fs.readdirSync(tools).filter((name) => name.endsWith(".json") && !name.startsWith("."));
  return names.map((name) => name.slice(0, -".json".length)).sort();
}

/** The tools that are named, or all of them. Throws `E_TOOL_NOT_FOUND`, `E_TOOL_RECORD`. */
export function recordsOf(places: ToolPlaces, typed: readonly string[], command = "list"): readonly ToolRecord[] {
  const known = recordedNames(places);
  const names = typed.length === 0 ? known : typed.map((text) => installedName(text, known, command));
  return [...new Set(names)].flatMap((name) => readRecord(places, name) ?? []);
}

/** Throws `E_TOOL_NOT_FOUND`; `command` is that of `pybun tool` which can be typed with another name. */
export function installedName(typed: string, known: readonly string[], command: string): string {
  const name = normalizeName(typed);
  if (known.includes(name)) return name;
  const near = nearest(name, known);
  throw new PybunError("E_TOOL_NOT_FOUND", `no tool \`${typed}\` is installed`, {
    evidence: [known.length === 0 ? "no tools are installed" : `installed  ${known.join(", ")}`],
    hints: near === undefined ? [] : [`did you mean: \`pybun tool ${command} ${near}\``],
    context: { name: typed, installed: known },
  });
}

/** The requirements of a record as they were typed. */
export const demandsOf = ({ requirement, with: more }: Pick<ToolRecord, "requirement" | "with">): readonly Demand[] =>
  [requirement, ...more].map((text) => ({ requirement: parseRequirement(text), text, origin: "tool" }));
