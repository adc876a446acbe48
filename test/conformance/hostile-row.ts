import fs from "node:fs";
import path from "node:path";

/** A row of the manifest of hostile files; see README.md. */
export interface HostileRow {
  readonly name: string;
  readonly file: string;
  readonly kind: "wheel" | "sdist" | "index";
  readonly expected: "reject" | "safe";
  readonly must_not: string;
  readonly control?: boolean;
  readonly must_not_exist?: readonly string[];
  readonly must_survive?: readonly string[];
  readonly max_bytes?: number;
  readonly max_seconds?: number;
  readonly report?: readonly string[];
  readonly project?: string;
  readonly first_index?: string;
  readonly second_index?: string;
  readonly must_select?: string;
  readonly then?: string;
}

/** The rows of a folder's manifest; undefined when it has none, or a file of that name with another meaning. */
export function readManifest(folder: string): readonly HostileRow[] | undefined {
  const file = path.join(folder, "manifest.json");
  if (!fs.existsSync(file)) return undefined;
  const rows: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
  const isManifest = Array.isArray(rows) && rows.length > 0 && rows.every((row) => isRow(row));
  return isManifest ? (rows as HostileRow[]) : undefined;
}

function isRow(row: unknown): boolean {
  if (typeof row !== "object" || row === null) return false;
  const { name, file, kind, expected } = row as Record<string, unknown>;
  return (
    typeof name === "string" &&
    typeof file === "string" &&
    ["wheel", "sdist", "index"].includes(kind as string) &&
    ["reject", "safe"].includes(expected as string)
  );
}
