import fs from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../plugin-api/diagnostic.ts";

/** Where a run's traces are. */
export interface Whereabouts {
  readonly cwd: string;
  readonly runId: string;
  readonly logDir: string;
}

const BEFORE = 3;
const LARGEST_SOURCE_BYTES = 4 * 1024 * 1024;

/** What `--verbose` and `PYBUN_BACKTRACE` add to an error: source excerpt, plugin and stage, stack, run id and log. */
export function richLines(diagnostic: Diagnostic, { cwd, runId, logDir }: Whereabouts): readonly string[] {
  if (diagnostic.level !== "error") return [];
  const { plugin, phase, stack } = diagnostic;
  const frames = (stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [
    ...excerpt(diagnostic, cwd),
    ...(plugin === undefined ? [] : [`in plugin ${plugin}${phase === undefined ? "" : `, ${phase}`}`]),
    ...frames.map((frame) => frame.trim()),
    `run ${runId}, logs in ${logDir}`,
  ];
}

/** The line that is named and up to three before it, numbered, the line itself marked. */
function excerpt({ file, line }: Diagnostic, cwd: string): readonly string[] {
  if (file === undefined || line === undefined) return [];
  const lines = sourceLines(path.resolve(cwd, file));
  const first = Math.max(1, line - BEFORE);
  const width = String(line).length;
  return lines
    .slice(first - 1, line)
    .map((text, index) => `${first + index === line ? ">" : " "} ${String(first + index).padStart(width)} | ${text}`);
}

function sourceLines(file: string): readonly string[] {
  try {
    if (fs.statSync(file).size > LARGEST_SOURCE_BYTES) return [];
    return fs.readFileSync(file, "utf8").split(/\r?\n/);
  } catch {
    return [];
  }
}
