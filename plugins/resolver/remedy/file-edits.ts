import fs from "node:fs";
import { type FileEdit, InvalidSyntax } from "../../../plugin-api/error.ts";
import { sha256Of } from "../../../plugin-api/hash/native.ts";
import type { ConflictItem, RootOwner } from "../../../plugin-api/model/lock.ts";
import type { Demand } from "../../../plugin-api/model/requirement.ts";
import { appendToTomlArray } from "../../../plugin-api/toml-array.ts";
import { isPrefix, openToml, type TomlPath } from "../../../plugin-api/toml-document.ts";
import { setTomlKey } from "../../../plugin-api/toml-edit.ts";
import type { TomlValue } from "../../../plugin-api/toml-value.ts";
import type { Change } from "./change.ts";

/** A change of one line that states a requirement. */
export type OfLine = Extract<Change, { readonly demand: Demand }>;

/** Rewrites a file's text; undefined where what is to be changed is not found as expected. */
type Rewrite = (text: string) => string | undefined;

/**
 * The changes as edits of files, one for each file. Undefined when one of them can't be made by an edit: it was typed, or the
 * file is not as it was read. `file`: the project's own, or the script.
 */
export function editsFor(changes: readonly Change[], file: string | undefined): readonly FileEdit[] | undefined {
  const byFile = new Map<string, Rewrite[]>();
  for (const change of changes) {
    const target = "demand" in change ? change.demand.file : change.kind === "apart" ? change.file : file;
    if (target === undefined) return undefined;
    byFile.set(target, [...(byFile.get(target) ?? []), rewriteFor(change, target.endsWith(".toml"))]);
  }
  const edits = [...byFile].map(([target, rewrites]) => editOf(target, rewrites));
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}

function editOf(file: string, rewrites: readonly Rewrite[]): FileEdit | undefined {
  try {
    const bytes = fs.readFileSync(file);
    const before = bytes.toString("utf8");
    // What is not UTF-8 would not come back as it was.
    if (!Buffer.from(before, "utf8").equals(bytes)) return undefined;
    const after = rewrites.reduce<string | undefined>(
      (text, rewrite) => (text === undefined ? text : rewrite(text)),
      before,
    );
    return after === undefined || after === before ? undefined : difference(file, bytes, Buffer.from(after, "utf8"));
  } catch (error) {
    if (error instanceof InvalidSyntax || (error instanceof Error && "syscall" in error)) return undefined;
    throw error;
  }
}

/** What is left between the parts that both have in common, widened to whole characters. */
function difference(file: string, before: Buffer, after: Buffer): FileEdit {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  while (start > 0 && isContinuation(before[start])) start--;
  let same = 0;
  while (same < most - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  while (same > 0 && isContinuation(before[before.length - same])) same--;
  const newText = after.subarray(start, after.length - same).toString("utf8");
  return { file, range: [start, before.length - same], sha256: sha256Of(before), newText };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

function rewriteFor(change: Change, isToml: boolean): Rewrite {
  if ("demand" in change) return (text) => replaceRequirement(text, change.demand, newText(change));
  if (change.kind === "python") return (text) => replacePython(text, change.range, isToml);
  if (!isToml) return () => undefined;
  switch (change.kind) {
    case "apart":
      return (text) =>
        change.sets.reduce(
          (done, set) => appendToTomlArray(done, toolPath(done, "conflicts"), set.map(itemTable)),
          text,
        );
    case "environments":
      return (text) => setTomlKey(text, toolPath(text, "environments"), change.markers);
    case "prerelease":
      return (text) => setTomlKey(text, toolPath(text, "prerelease"), change.value);
    case "cut-off":
      return (text) => {
        const path = toolPath(text, "exclude-newer-package");
        return setTomlKey(text, [...path, change.name], change.date);
      };
    case "override":
      return (text) => appendToTomlArray(text, toolPath(text, "overrides"), requirementText(change.requirement));
    case "require":
      return (text) => appendToTomlArray(text, listOf(change.owner), requirementText(change.requirement));
  }
}

export const requirementText = ({ name, specifier }: { readonly name: string; readonly specifier: string }): string =>
  `${name}${specifier}`;

export function itemTable({ kind, name, member }: ConflictItem): { readonly [key: string]: TomlValue } {
  const item = kind === "optional" ? { extra: name } : { group: name };
  return member === "" ? item : { package: member, ...item };
}

/** Where a part of a project lists what it requires. */
const listOf = ({ kind, name }: RootOwner): TomlPath =>
  kind === "optional"
    ? ["project", "optional-dependencies", name]
    : kind === "group"
      ? ["dependency-groups", name]
      : ["project", "dependencies"];

/** What uv calls otherwise. */
const FOREIGN: Readonly<Record<string, string>> = { overrides: "override-dependencies" };

/** The key where the file has it: in PyBun's own table, or in uv's. */
export function toolPath(text: string, key: string): TomlPath {
  const places = [
    ["tool", "pybun", key],
    ["tool", "dx-py", key],
    ["tool", "uv", FOREIGN[key] ?? key],
  ];
  return places.find((place) => hasKey(text, place)) ?? places[0]!;
}

/** Whether the file states the key, or a table of that name. */
export function hasKey(text: string, key: TomlPath): boolean {
  const { entries, tables } = openToml(text);
  return [...entries, ...tables].some(({ path }) => isPrefix(key, path));
}

/** The new text of a requirement: blanks, extras and marker stay as they are written. */
export function withSpecifier(text: string, specifier: string): string {
  const match = /^(\s*[\w.-]+(?:\s*\[[^\]]*\])?)(\s*)([^;@]*?)(\s*(?:;.*)?)$/s.exec(text);
  if (!match) return text;
  const [, head = "", blank = "", , tail = ""] = match;
  return specifier === "" ? head + tail : head + blank + specifier + tail;
}

/** A requirement after a change of its own, as it is to be written. */
export const newText = (change: OfLine): string =>
  change.kind === "name"
    ? change.demand.text.replace(/^(\s*)[\w.-]+/, `$1${change.name}`)
    : withSpecifier(change.demand.text, change.specifier);

/** Only where the line of its origin holds the requirement once: then that is the one. */
function replaceRequirement(text: string, { origin, text: written }: Demand, instead: string): string | undefined {
  const line = Number(/:(\d+)$/.exec(origin)?.[1]);
  const lines = text.split("\n");
  const found = lines[line - 1];
  if (found === undefined) return undefined;
  const places = ['"', "'"].flatMap((quote) => {
    const at = found.indexOf(quote + written + quote);
    return at < 0 ? [] : [at, ...(found.indexOf(quote + written + quote, at + 1) < 0 ? [] : [-1])];
  });
  const [at] = places;
  if (places.length !== 1 || at === undefined) return undefined;
  const from = at + 1;
  lines[line - 1] = found.slice(0, from) + instead + found.slice(from + written.length);
  return lines.join("\n");
}

/** In a script the block is a comment (PEP 723), where the key stands outside of tables. */
function replacePython(text: string, range: string, isToml: boolean): string | undefined {
  if (!isToml) {
    const line = /^(#\s+requires-python\s*=\s*)(["'])[^"'\n]*\2/m;
    return line.test(text) ? text.replace(line, `$1$2${range}$2`) : undefined;
  }
  const path = ["project", "requires-python"];
  const has = openToml(text).entries.some((entry) => entry.path.join(".") === path.join("."));
  return has ? setTomlKey(text, path, range) : undefined;
}
