import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import type { Event, EventOf } from "../../plugin-api/event.ts";
import type { OutputChoice } from "../../plugin-api/plugin.ts";
import { advance, IDLE, type Progress } from "../../plugin-api/progress-model.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { shellJoin } from "../../plugin-api/shell-word.ts";
import { renderDiagnostic, renderHint } from "../../plugin-api/text/diagnostic-block.ts";
import { wrap } from "../../plugin-api/text/wrap.ts";
import { interruption } from "./interruption.ts";

/** One output stream; the style is found out when the first text is written. */
export interface Stream {
  readonly style: () => TextStyle;
  readonly write: (text: string) => void;
}
export interface Reporting {
  readonly out: Stream;
  readonly err: Stream;
  readonly choice: Pick<OutputChoice, "isAct" | "isHosting" | "isQuiet" | "verbosity">;
  /** Lines between evidence and hints, where the rich form is asked for. */
  readonly rich?: (diagnostic: Diagnostic) => readonly string[];
  /** Where the command acts: files below are named from there. */
  readonly cwd?: string;
  /** What `-v` tells of an event. */
  readonly say?: (event: Event, verbosity: number) => string | undefined;
}
interface Told {
  readonly diagnostic: Diagnostic;
  times: number;
}

/**
 * Diagnostics wait until the report, so that equal ones become one with a count, warnings stand above the result and
 * errors come last; before a child gets the streams, and while it has them, nothing waits.
 */
export function textReporter(reporting: Reporting): (event: Event) => void {
  const { choice, err, say } = reporting;
  const { tell, flush, print } = blocks(reporting);
  let isChildRunning = false;
  let model: Progress = IDLE;
  return (event) => {
    if (event.type === "Report") return conclude(event);
    if (event.type !== "CommandEnd") model = advance(model, event, 0);
    const line = say?.(event, choice.verbosity);
    if (line !== undefined) print(err, `${err.style().dim(line)}\n`);
    if (event.type === "Diagnostic") tell(event.diagnostic);
    if (event.type === "ScriptStart") isChildRunning = true;
    if (isChildRunning) flush();
    if (event.type === "ScriptStart") print(err, "");
  };

  function conclude({ report, envelope }: EventOf<"Report">): void {
    flush((diagnostic) => diagnostic.level !== "error");
    const isForeseen = report.data["dry_run"] === true;
    const isLeftOut = choice.isQuiet && choice.isAct && report.exitCode === 0 && !isForeseen;
    const text = isLeftOut ? "" : (report.text?.(reporting.out.style()) ?? "");
    if (text !== "") print(reporting.out, text.endsWith("\n") ? text : `${text}\n`);
    flush();
    if (envelope.error_type === "Interrupted" && !choice.isHosting) {
      const style = err.style();
      const words = wrap(`interrupted${interruption(model)}`, { width: style.width }).join("\n");
      print(err, `${style.warn("interrupted")}${words.slice("interrupted".length)}\n`);
    }
    const hints = nextHints(report, reporting);
    if (hints !== "") print(err, hints);
  }
}

/** What to do next: after success only where a person looks on, after findings always (at most two). */
function nextHints({ nextActions = [], exitCode }: Report, { err, choice }: Reporting): string {
  if (nextActions.length === 0 || (exitCode === 0 && (choice.isQuiet || !err.style().isTerminal))) return "";
  const hints = nextActions.slice(0, 2).map(({ command, why }) => `${why}: \`${shellJoin(command)}\``);
  return hints
    .flatMap((hint) => renderHint(hint, err.style()))
    .join("\n")
    .concat("\n");
}

/** Printing with one blank line before a block that follows other output, and the waiting diagnostics. */
function blocks({ err, choice, rich, cwd }: Reporting) {
  const waiting = new Map<string, Told>();
  let isErrUsed = false;
  let isLastBlock = false;
  const print = (stream: Stream, text: string): void => {
    // In a terminal both streams share the screen; in pipes what is on one says nothing about the other.
    if (stream === err || stream.style().isTerminal) {
      isErrUsed = true;
      isLastBlock = false;
    }
    if (text !== "") stream.write(text);
  };
  const tell = (diagnostic: Diagnostic): void => {
    const { level, code, message, file, line, hints, evidence } = diagnostic;
    if (choice.isQuiet && (level === "info" || level === "hint")) return;
    const key = JSON.stringify([level, code, message, file, line, hints, evidence]);
    const known = waiting.get(key);
    if (known) known.times++;
    else waiting.set(key, { diagnostic, times: 1 });
  };
  const flush = (fits: (diagnostic: Diagnostic) => boolean = () => true): void => {
    for (const [key, { diagnostic, times }] of waiting) {
      if (!fits(diagnostic)) continue;
      waiting.delete(key);
      const lines = rich?.(diagnostic);
      const block = renderDiagnostic(diagnostic, err.style(), {
        times,
        ...(lines && { rich: lines }),
        ...(cwd !== undefined && { cwd }),
      });
      const isLine = block.indexOf("\n") === block.length - 1;
      print(err, isErrUsed && !(isLastBlock && isLine) ? `\n${block}` : block);
      isLastBlock = isLine;
    }
  };
  return { tell, flush, print };
}
