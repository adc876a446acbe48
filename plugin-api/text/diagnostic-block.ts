import type { Diagnostic } from "../diagnostic.ts";
import type { TextStyle } from "../report.ts";
import { inStyle, withoutControls } from "./style.ts";
import { wrap } from "./wrap.ts";

/** What a block shows beside the diagnostic. */
export interface BlockDetails {
  /** How often the same diagnostic came up; default 1. */
  readonly times?: number;
  /** Lines between evidence and hints, where the rich form is asked for (SPEC CLI-13). */
  readonly rich?: readonly string[];
  /** Absolute folder; files below it are named from there. */
  readonly cwd?: string;
}

const MOST_CAUSES = 3;
const MOST_HINTS = 2;
/** Evidence of more lines stands between blank lines. */
const COMPACT = 3;

/**
 * A diagnostic as people read it (SPEC CLI-13): headline, causes, evidence, hints, each line ended. Prose wraps in a
 * terminal, evidence never does. The text is the diagnostic's own; this adds labels, colours and breaks only.
 */
export function renderDiagnostic(diagnostic: Diagnostic, style: TextStyle, details: BlockDetails = {}): string {
  const clean = (text: string) => inStyle(withoutControls(text), style);
  const body = [
    ...causes(diagnostic, style).flatMap((cause) =>
      wrap(clean(`cause: ${cause}`), { ...style, indent: 2, hanging: 9 }),
    ),
    ...evidence(diagnostic, details.cwd).map((line) => (line === "" ? "" : `  ${clean(line)}`)),
    ...(details.rich ?? []).map((line) => style.dim(`  ${clean(line)}`)),
  ];
  const hints = (diagnostic.hints ?? []).slice(0, MOST_HINTS).flatMap((hint) => renderHint(clean(hint), style));
  const gap = body.length > COMPACT ? [""] : [];
  const lines = [...headline(diagnostic, style, details.times ?? 1), ...gap, ...body];
  if (hints.length > 0) lines.push(...gap, ...hints);
  return `${lines.join("\n")}\n`;
}

/** `hint: take it: \`command\`` in its colours, one line each unless the terminal is too narrow. */
export function renderHint(text: string, style: TextStyle): readonly string[] {
  const command = text.lastIndexOf("`", text.lastIndexOf("`") - 1);
  return wrap(`hint: ${text}`, { width: style.width, hanging: 6 }).map((line, index) => {
    const labelled = index === 0 ? style.hint("hint:") + line.slice("hint:".length) : line;
    return command < 0 ? labelled : paintCommand(labelled, text.slice(command), style);
  });
}

/** The command is the last text in backticks; what is said behind it in brackets is dim. */
function paintCommand(line: string, tail: string, style: TextStyle): string {
  const quoted = tail.slice(0, tail.indexOf("`", 1) + 1);
  const at = line.lastIndexOf(quoted);
  if (at >= 0) {
    const rest = line.slice(at + quoted.length);
    return line.slice(0, at) + style.cmd(quoted) + rest.replace(/\(.*\)$/, (note) => style.dim(note));
  }
  return line;
}

function headline({ level, code, message }: Diagnostic, style: TextStyle, times: number): readonly string[] {
  const sentence = inStyle(withoutControls(message), style).replace(/\s*\n\s*/g, " ");
  const told = times > 1 ? `${sentence} (${times} times)` : sentence;
  if (level === "hint") return renderHint(told, style);
  const role = { error: style.err, warning: style.warn, info: (text: string) => text }[level];
  const label = `${level}[${code}]`;
  return wrap(`${label}: ${told}`, { width: style.width }).map((line, index) => {
    const named = (text: string) => text.replace(/`[^`]+`/g, (quoted) => style.name(quoted));
    return index === 0 ? role(label) + named(line.slice(label.length)) : named(line);
  });
}

function causes({ causes = [], message, code }: Diagnostic, { verbosity }: TextStyle): readonly string[] {
  const told = [...new Set(causes)].filter((cause) => cause !== "" && cause !== message);
  if (verbosity > 0) return told;
  return told.filter((cause) => !(TRANSLATED.has(code) && RAW.test(cause))).slice(0, MOST_CAUSES);
}

/** These say in words what the system said. */
const TRANSLATED = new Set(["E_DISK_FULL", "E_DISK_FAULT", "E_PERMISSION"]);
const RAW = /^E[A-Z]+: /;

/** Evidence lines, and the place when no words name it yet. */
function evidence({ evidence = [], message, file, line }: Diagnostic, cwd: string | undefined): readonly string[] {
  const lines = evidence.flatMap((text) => text.split("\n"));
  const shown = cwd !== undefined && file?.startsWith(`${cwd}/`) ? file.slice(cwd.length + 1) : file;
  if (shown === undefined || [message, ...lines].some((text) => text.includes(shown))) return lines;
  return [...lines, `in ${shown}${line === undefined ? "" : `:${line}`}`];
}
