import type { PackageName } from "../model/requirement.ts";
import { parseMarker } from "../python/marker.ts";
import { parsePackageName } from "../python/package-name.ts";
import { invalidAt, isTable, type ProjectText, placed, type Table } from "./project-text.ts";

/** Where a project says a package comes from (`sources.<name>`). */
export type DeclaredSource = SourcePlace & {
  /** Where it holds; empty for everywhere. */
  readonly marker: string;
  /** Holds only in this extra or group. */
  readonly extra?: string;
  readonly group?: string;
};
export type SourcePlace =
  | { readonly kind: "index"; readonly index: string }
  | {
      readonly kind: "git";
      readonly url: string;
      /** Branch, tag or commit; absent for the default branch. */
      readonly reference?: string;
      readonly subdirectory?: string;
      /** With the files kept by Git LFS. */
      readonly isLfs?: true;
    }
  | {
      readonly kind: "path";
      /** As written, relative to the file's folder. */
      readonly path: string;
      readonly isEditable: boolean;
      readonly subdirectory?: string;
    }
  | { readonly kind: "url"; readonly url: string; readonly subdirectory?: string }
  | { readonly kind: "workspace" };

const KINDS = ["index", "git", "path", "url", "workspace"] as const;
const FORMS = 'one of `{ index = "…" }`, `{ git = "…" }`, `{ path = "…" }`, `{ url = "…" }`, `{ workspace = true }`';
const KEYS: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  index: ["index"],
  git: ["git", "rev", "tag", "branch", "subdirectory", "lfs"],
  path: ["path", "editable", "package", "subdirectory"],
  url: ["url", "subdirectory"],
  workspace: ["workspace", "editable"],
};
const CONDITIONS = ["marker", "extra", "group"];

/** Reads a `sources` table; each value is a table or a list of tables with markers. Throws `E_PROJECT_INVALID`. */
export function readSources(
  source: ProjectText,
  key: readonly string[],
  value: unknown,
): ReadonlyMap<PackageName, readonly DeclaredSource[]> {
  if (value === undefined) return new Map();
  if (!isTable(value)) throw invalidAt(source, { key }, `\`${key.join(".")}\` must be a table of package names`);
  const all = new Map<PackageName, readonly DeclaredSource[]>();
  for (const [written, entry] of Object.entries(value)) {
    const at = { key: [...key, written] };
    const name = placed(source, at, () => parsePackageName(written));
    const entries = Array.isArray(entry) ? (entry as readonly unknown[]) : [entry];
    if (entries.length === 0) throw invalidAt(source, at, `the source of \`${written}\` is an empty list`);
    const read = entries.map((each) => readSource({ source, at, name: written }, each));
    if (read.length > 1 && read.some(({ marker, extra, group }) => marker === "" && !extra && !group))
      throw invalidAt(source, at, `\`${written}\` has several sources, so each needs a \`marker\``);
    all.set(name, read);
  }
  return all;
}

interface Place {
  readonly source: ProjectText;
  readonly at: { readonly key: readonly string[] };
  readonly name: string;
}

function readSource(place: Place, entry: unknown): DeclaredSource {
  const { source, at, name } = place;
  const fault = (message: string) => invalidAt(source, at, `the source of \`${name}\` ${message}`);
  if (!isTable(entry)) throw fault(`must be ${FORMS}`);
  const kinds = KINDS.filter((kind) => kind in entry);
  const [kind] = kinds;
  if (kind === undefined) throw fault(`must be ${FORMS}`);
  if (kinds.length > 1) throw fault(`names both \`${kind}\` and \`${kinds[1]}\``);
  const unknown = Object.keys(entry).find((key) => !KEYS[kind].includes(key) && !CONDITIONS.includes(key));
  if (unknown !== undefined) throw fault(`has the key \`${unknown}\`, which means nothing beside \`${kind}\``);
  const text = (key: string) => textOf(entry, key, fault);
  const condition = text("marker") ?? "";
  const marker = condition === "" ? "" : placed(source, at, () => parseMarker(condition).text);
  const [extra, group] = [text("extra"), text("group")];
  return {
    ...placeOf(kind, entry, { text, fault }),
    marker,
    ...(extra !== undefined && { extra }),
    ...(group !== undefined && { group }),
  };
}

interface Reading {
  readonly text: (key: string) => string | undefined;
  readonly fault: (message: string) => Error;
}

function placeOf(kind: (typeof KINDS)[number], entry: Table, { text, fault }: Reading): SourcePlace {
  const below = text("subdirectory");
  const subdirectory = below === undefined ? {} : { subdirectory: below };
  if (kind === "index") return { kind, index: text("index") as string };
  if (kind === "url") return { kind, url: text("url") as string, ...subdirectory };
  if (kind === "path")
    return { kind, path: text("path") as string, isEditable: entry["editable"] === true, ...subdirectory };
  if (kind === "workspace") {
    if (entry["workspace"] !== true) throw fault("has `workspace = false`: leave it out instead");
    return { kind };
  }
  const references = ["rev", "tag", "branch"].filter((key) => key in entry);
  if (references.length > 1) throw fault(`names both \`${references[0]}\` and \`${references[1]}\``);
  const reference = references[0] === undefined ? undefined : text(references[0]);
  const url = (text("git") as string).replace(/^git\+/, "");
  const isLfs = entry["lfs"] === true ? { isLfs: true as const } : {};
  return { kind, url, ...(reference !== undefined && { reference }), ...subdirectory, ...isLfs };
}

function textOf(entry: Table, key: string, fault: Reading["fault"]): string | undefined {
  const value = entry[key];
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw fault(`has \`${key}\` that is no text`);
}
