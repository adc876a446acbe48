import { type Diagnostic, diagnosticOf } from "./diagnostic.ts";
import type { Fix, PybunError } from "./error.ts";
import type { Envelope, NextAction, Stamped } from "./event.ts";
import type { Report } from "./report.ts";
import { shellJoin } from "./shell-word.ts";

/** All that is known about one invocation when it ends. */
export interface Ending {
  /** Full command path with the product's name, such as `pybun python list`. */
  readonly command: string;
  /** The code the process ends with. */
  readonly exitCode: number;
  /** What the command returned; absent when it failed. */
  readonly report?: Report;
  /** The failure that ended the command; becomes a diagnostic unless the events tell of one with its code already. */
  readonly error?: PybunError;
  /** A signal ended the command: no diagnostic, `error_type` is `Interrupted`. */
  readonly isInterrupted?: boolean;
  /** All events so far, in order; their diagnostics become those of the envelope, none dropped. */
  readonly events: readonly Stamped[];
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly runId: string;
  /** Only with `--trace` (SPEC JSN-07). */
  readonly traceId?: string;
  readonly product: { readonly version: string };
}

/**
 * The one JSON object of a command (SPEC 1.6, JSN-01 to JSN-12). Pure but for the names of runtime and platform; nothing
 * is redacted here, since that happens where text leaves the process.
 */
export function buildEnvelope(ending: Ending): Envelope {
  const { report, exitCode } = ending;
  const diagnostics = diagnosticsOf(ending);
  return {
    version: "1",
    command: ending.command,
    status: exitCode === 0 ? "ok" : "error",
    exit_code: exitCode,
    duration_ms: Math.max(0, Math.round((ending.nowMs - ending.startedAtMs) * 1000) / 1000),
    run_id: ending.runId,
    ...(ending.traceId === undefined ? {} : { trace_id: ending.traceId }),
    ...(exitCode === 0 ? {} : explain(ending, diagnostics)),
    ...report?.envelope,
    data: report?.data ?? {},
    diagnostics: diagnostics.map(toWire),
    next_actions: (report?.nextActions ?? []).map(withShell),
    events: ending.events.flatMap((event) => eventToWire(event) ?? []),
    pybun: {
      version: ending.product.version,
      runtime: process.versions["bun"] === undefined ? "node" : "bun",
      platform: `${process.platform}-${process.arch}`,
    },
  };
}

/** Those the events tell of, the report's, and the failure; an object told of twice counts once. */
function diagnosticsOf({ events, report, error }: Ending): readonly Diagnostic[] {
  const told = events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic] : []));
  const all = new Set([...told, ...(report?.diagnostics ?? [])]);
  if (error && !told.some((diagnostic) => diagnostic.code === error.code)) all.add(diagnosticOf(error));
  return [...all];
}

/** A diagnostic in its wire form (SPEC DIA-01): lists are always there, what is unknown is left out. */
export interface WireDiagnostic {
  readonly level: Diagnostic["level"];
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The command that repairs it, ready for a shell; null when none is known. */
  readonly suggestion: string | null;
  readonly hints: readonly string[];
  readonly causes: readonly string[];
  readonly evidence?: readonly string[];
  readonly context: Readonly<Record<string, unknown>>;
  readonly fixes: readonly WireFix[];
  readonly phase?: string;
  readonly plugin?: string;
  readonly retryable?: boolean;
}

/** A fix in its wire form (SPEC DIA-02); `shell` is `command` as one line to paste (SPEC OUT-04). */
export interface WireFix {
  readonly id: string;
  readonly applicability: Fix["applicability"];
  readonly command: readonly string[];
  readonly shell: string;
  readonly edits: readonly {
    readonly file: string;
    readonly range: readonly [number, number];
    readonly sha256: string;
    readonly new_text: string;
  }[];
}

/** The diagnostic as JSON carries it. Stacks stay out: they are for the log and for `--verbose` text. */
export function toWire(diagnostic: Diagnostic): WireDiagnostic {
  const { level, code, message, file, line, column, evidence, phase, plugin, isRetryable } = diagnostic;
  return {
    level,
    code,
    message,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    suggestion: suggestionOf(diagnostic),
    hints: diagnostic.hints ?? [],
    causes: diagnostic.causes ?? [],
    ...(evidence === undefined || evidence.length === 0 ? {} : { evidence }),
    context: diagnostic.context ?? {},
    fixes: (diagnostic.fixes ?? []).map(fixToWire),
    ...(phase === undefined ? {} : { phase }),
    ...(plugin === undefined ? {} : { plugin }),
    ...(isRetryable === undefined ? {} : { retryable: isRetryable }),
  };
}

/**
 * An event as NDJSON, logs and the envelope carry it: a diagnostic inside takes its wire form. Undefined for the final
 * `Report` event, whose wire form is the envelope itself.
 */
export function eventToWire(event: Stamped): Readonly<Record<string, unknown>> | undefined {
  if (event.type === "Report") return undefined;
  return event.type === "Diagnostic" ? { ...event, diagnostic: toWire(event.diagnostic) } : event;
}

const fixToWire = ({ id, applicability, command = [], edits = [] }: Fix): WireFix => ({
  id,
  applicability,
  command,
  shell: shellJoin(command),
  edits: edits.map(({ file, range, sha256, newText }) => ({ file, range, sha256, new_text: newText })),
});

const withShell = ({ command, why }: NextAction) => ({ command, shell: shellJoin(command), why });

/** The command of the first fix, else the last command in backticks of the first hint that has one. */
function suggestionOf({ fixes = [], hints = [] }: Diagnostic): string | null {
  for (const { command } of fixes) if (command && command.length > 0) return shellJoin(command);
  for (const hint of hints) {
    const command = commandIn(hint);
    if (command !== undefined) return command;
  }
  return null;
}

/** The command a hint offers: the last text in backticks that has more than one word or names the product. */
export function commandIn(hint: string): string | undefined {
  const quoted = [...hint.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
  return quoted.findLast((text) => text.includes(" ") || text === "pybun");
}

/** JSN-10: class of error, its cause in one sentence with the place, and the command that repairs it. */
function explain({ command, exitCode, isInterrupted }: Ending, diagnostics: readonly Diagnostic[]) {
  if (isInterrupted) return { error_type: "Interrupted", context: `${command} was interrupted`, fix_suggestion: null };
  const error = diagnostics.findLast((diagnostic) => diagnostic.level === "error");
  if (error === undefined)
    return { error_type: "Findings", context: `${command} ended with exit code ${exitCode}`, fix_suggestion: null };
  const module = error.context?.["module"];
  return {
    error_type: errorType(error.code),
    context: inOneSentence(error),
    fix_suggestion: suggestionOf(error),
    ...(typeof module === "string" ? { module } : {}),
  };
}

function inOneSentence({ message, file, line }: Diagnostic): string {
  if (file === undefined || message.includes(file)) return message;
  return `${file}${line === undefined ? "" : `:${line}`}: ${message}`;
}

/** Classes the specification names, by the first word of the code. */
const CLASSES: Readonly<Record<string, string>> = { IMPORT: "ImportError", BUILD: "BuildError" };

/** `E_RESOLVE_CONFLICT` → `ResolveConflict`, `E_NETWORK` → `NetworkError`, `E_BUILD_FAILED` → `BuildError`. */
export function errorType(code: string): string {
  const words = code.replace(/^[EWI]_/, "").split("_");
  const known = CLASSES[words[0] ?? ""];
  if (known !== undefined) return known;
  const name = words.map((word) => word.slice(0, 1) + word.slice(1).toLowerCase()).join("");
  return words.length === 1 ? `${name}Error` : name;
}
