import { parse, TomlError } from "smol-toml";
import { parseCutOff } from "../../plugin-api/cut-off.ts";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { readScriptMetadata } from "../../plugin-api/python/script-metadata.ts";

/** What a script says about itself. */
export interface ScriptBlock {
  readonly demands: readonly Demand[];
  readonly requiresPython: string | undefined;
  /** Upload cut-off of its `[tool.pybun]` table, milliseconds since the epoch. */
  readonly excludeNewerMs: number | undefined;
  /** 1-based line of the block's opening. */
  readonly line: number;
}

/** The script's metadata block; undefined when it has none. Throws `E_PEP723_INVALID` with file and line. */
export function readScript(text: string, file: string): ScriptBlock | undefined {
  let block: ReturnType<typeof readScriptMetadata>;
  try {
    block = readScriptMetadata(text);
  } catch (error) {
    if (error instanceof InvalidSyntax) throw invalid(file, lineAt(text, error), error.message);
    throw error;
  }
  if (!block) return undefined;
  const { toml, startLine } = block;
  const lineOf = (needle: string): number => {
    const at = toml.split("\n").findIndex((line) => line.includes(needle));
    return startLine + 1 + Math.max(0, at);
  };
  const table = parseBlock(toml, file, startLine);
  const { dependencies = [], "requires-python": requiresPython } = table;
  if (!Array.isArray(dependencies) || dependencies.some((item) => typeof item !== "string"))
    throw invalid(file, lineOf("dependencies"), "`dependencies` must be a list of strings");
  if (requiresPython !== undefined && typeof requiresPython !== "string")
    throw invalid(file, lineOf("requires-python"), "`requires-python` must be a string");
  const demands = (dependencies as string[]).map((item) => demand(item, file, lineOf(item)));
  return { demands, requiresPython, excludeNewerMs: cutOff(table, file, lineOf("exclude-newer")), line: startLine };
}

function parseBlock(toml: string, file: string, startLine: number): Record<string, unknown> {
  try {
    return parse(toml);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0]?.replace("Invalid TOML document: ", "") ?? "";
    throw invalid(file, startLine + error.line, `the script block is not TOML: ${reason}`);
  }
}

function demand(text: string, file: string, line: number): Demand {
  try {
    return { requirement: parseRequirement(text), text, origin: `${file}:${line}` };
  } catch (error) {
    if (error instanceof InvalidSyntax) throw invalid(file, line, error.message);
    throw error;
  }
}

function cutOff(table: Record<string, unknown>, file: string, line: number): number | undefined {
  const tools = table["tool"] as Record<string, Record<string, unknown> | undefined> | undefined;
  const value = tools?.["pybun"]?.["exclude-newer"] ?? tools?.["uv"]?.["exclude-newer"];
  if (value === undefined) return undefined;
  const text = value instanceof Date ? value.toISOString() : value;
  const moment = typeof text === "string" ? parseCutOff(text, Date.now()) : undefined;
  if (moment === undefined)
    throw invalid(file, line, "`exclude-newer` must be a date, a time or an age such as `7 days`");
  return moment;
}

const lineAt = (text: string, error: InvalidSyntax): number =>
  error.position === undefined ? 1 : text.slice(0, error.position).split("\n").length;

const invalid = (file: string, line: number, message: string): PybunError =>
  new PybunError("E_PEP723_INVALID", `${file}:${line} ${message}`, { file, line });
