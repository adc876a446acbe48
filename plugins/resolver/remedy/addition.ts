import fs from "node:fs";
import { InvalidSyntax } from "../../../plugin-api/error.ts";
import { formatTomlKey, formatTomlValue } from "../../../plugin-api/toml-value.ts";
import type { Change } from "./change.ts";
import { hasKey, itemTable, type OfLine, requirementText, toolPath } from "./file-edits.ts";

/** A change that puts something into a project's file that is not there yet. */
export type Added = Exclude<Change, OfLine>;

/** What is put where, as TOML. */
export interface Addition {
  /** `tool.pybun`, or whose table has the key already. */
  readonly table: string;
  /** Empty where it is one more item of a list that a project has in any case. */
  readonly key: string;
  readonly value: string;
  /** Where the key is there already and keeps what it has: what is new in it. */
  readonly items?: string;
}

export const entryOf = ({ key, value }: Addition): string => (key === "" ? value : `${key} = ${value}`);

export function additionOf(change: Added, file: string | undefined): Addition {
  const [key, value, items] = stated(change);
  if (key === "requires-python" || key === "") return { table: "project", key, value };
  try {
    const text = file === undefined ? "" : fs.readFileSync(file, "utf8");
    const path = toolPath(text, key);
    const place = { table: path.slice(0, 2).join("."), key: String(path[2]), value };
    return items !== undefined && hasKey(text, path) ? { ...place, items } : place;
  } catch (error) {
    if (!(error instanceof InvalidSyntax || (error instanceof Error && "syscall" in error))) throw error;
    return { table: "tool.pybun", key, value };
  }
}

/** The key in our own words, its value, and what that adds to another value. */
function stated(change: Added): readonly [key: string, value: string, items?: string] {
  switch (change.kind) {
    case "python":
      return ["requires-python", formatTomlValue(change.range)];
    case "apart": {
      const sets = change.sets.map((set) => set.map(itemTable));
      return ["conflicts", formatTomlValue(sets), sets.map(formatTomlValue).join(", ")];
    }
    case "environments":
      return ["environments", formatTomlValue(change.markers)];
    case "prerelease":
      return ["prerelease", formatTomlValue(change.value)];
    case "cut-off": {
      const item = `${formatTomlKey(change.name)} = ${formatTomlValue(change.date)}`;
      return ["exclude-newer-package", `{ ${item} }`, item];
    }
    case "require":
      return ["", formatTomlValue(requirementText(change.requirement))];
    case "override": {
      const text = requirementText(change.requirement);
      return ["overrides", formatTomlValue([text]), formatTomlValue(text)];
    }
  }
}
