import type { TextStyle } from "../../plugin-api/report.ts";
import type { PathFiles } from "../../plugin-api/system/path-files.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { counted, formatDuration } from "../../plugin-api/text/units.ts";
import type { Imported, ImportRecord } from "./import-record.ts";
import type { Least } from "./least.ts";

interface Showing {
  readonly ui: TextStyle;
  readonly least: Least;
  readonly pathFiles: PathFiles | undefined;
  /** Where all of it was written to. */
  readonly file: string | undefined;
  readonly place: Parameters<typeof showPath>[1];
}

/** Start-up files that take less are nobody's concern. */
const LEAST_PATH_FILE_MS = 1;

/** The imports that took long, each below the one that it was imported for, largest first. */
export function importText(record: ImportRecord, showing: Showing): string {
  const { ui, least, pathFiles, file, place } = showing;
  const limitMs = Math.max(least.ms, least.part * record.importsMs);
  const lines = rowsOf(record, limitMs).map(({ imported, ends }) => lineOf(imported, ends, showing));
  const head = ui.dim(`${"total".padStart(WIDTH)}  ${"self".padStart(WIDTH)}  module`);
  const slow = (pathFiles?.files ?? []).filter(({ ms }) => ms >= LEAST_PATH_FILE_MS);
  const startup = slow.map(
    (it) => `${duration(it.ms)}  ${" ".repeat(WIDTH)}  ${showPath(it.file, place)} ${ui.dim("at the start of Python")}`,
  );
  const where = file === undefined ? "" : `, in ${showPath(file, place)}`;
  const sum = `${ui.ok("Imported")} ${counted(record.imports.length, "module")} in ${formatDuration(record.importsMs)}${where} ${ui.dim(`of ${formatDuration(record.wallMs)}`)}`;
  return [...(lines.length > 0 ? [head] : []), ...lines, ...startup, sum].join("\n");
}

const WIDTH = 7;
/** Below each other, times are compared digit by digit: all in one unit. */
const duration = (ms: number): string => `${Math.round(ms)}ms`.padStart(WIDTH);

interface Row {
  readonly imported: Imported;
  /** Of it and those above it, whether it is the last of its siblings; empty for the first level. */
  readonly ends: readonly boolean[];
}

function rowsOf({ imports }: ImportRecord, limitMs: number): readonly Row[] {
  const below = new Map<number | null, number[]>();
  for (const [index, { parent, totalMs }] of imports.entries()) {
    if (totalMs < limitMs) continue;
    const siblings = below.get(parent);
    if (siblings) siblings.push(index);
    else below.set(parent, [index]);
  }
  const rows: Row[] = [];
  const visit = (parent: number | null, ends: readonly boolean[]): void => {
    const siblings = (below.get(parent) ?? []).sort((a, b) => (imports[b]?.totalMs ?? 0) - (imports[a]?.totalMs ?? 0));
    for (const [at, index] of siblings.entries()) {
      const own = parent === null ? [] : [...ends, at === siblings.length - 1];
      rows.push({ imported: imports[index] as Imported, ends: own });
      visit(index, own);
    }
  };
  visit(null, []);
  return rows;
}

function lineOf(imported: Imported, ends: readonly boolean[], { ui, place }: Showing): string {
  const blank = " ".repeat(ui.tree.bar.length);
  const bars = ends.map((isEnd, at) => {
    if (at === ends.length - 1) return isEnd ? ui.tree.corner : ui.tree.tee;
    return isEnd ? blank : ui.tree.bar;
  });
  const { module, totalMs, selfMs, compileMs, isFailed, isMainThread, importer } = imported;
  const notes = [
    ...(ends.length === 0 && importer ? [`${showPath(importer.file, place)}:${importer.line}`] : []),
    ...(compileMs >= 1 ? [`compiled in ${formatDuration(compileMs)}`] : []),
    ...(isFailed ? ["failed"] : []),
    ...(isMainThread ? [] : ["in another thread"]),
  ];
  const said = notes.length === 0 ? "" : `  ${ui.dim(notes.join(", "))}`;
  return `${duration(totalMs)}  ${duration(selfMs)}  ${bars.join("")}${ui.name(module)}${said}`;
}
