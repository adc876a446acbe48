import type { Fix, PybunError } from "./error.ts";

/** One finding as the envelope carries it (SPEC DIA-01); text is rendered from this, never the other way round. */
export interface Diagnostic {
  readonly level: "error" | "warning" | "info" | "hint";
  readonly code: string;
  readonly message: string;
  readonly hints?: readonly string[];
  readonly evidence?: readonly string[];
  readonly causes?: readonly string[];
  readonly context?: Readonly<Record<string, unknown>>;
  readonly fixes?: readonly Fix[];
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Stage during which it arose, such as `fetch.versions`. */
  readonly phase?: string;
  readonly plugin?: string;
  readonly isRetryable?: boolean;
  /** Stack text; shown only where the rich form is asked for (SPEC CLI-13). */
  readonly stack?: string;
}

/** A warning or info to hand to `session.emit({ type: "Diagnostic", diagnostic })`. */
export const warning = (code: string, message: string, more: Partial<Diagnostic> = {}): Diagnostic => ({
  ...more,
  level: code.startsWith("I_") ? "info" : "warning",
  code,
  message,
});

/** The diagnostic a failure is shown as: messages of its causes outermost first, without repeats. */
export function diagnosticOf(
  error: PybunError,
  where: { readonly plugin?: string; readonly phase?: string } = {},
): Diagnostic {
  const { hints, evidence, context, fixes, file, line, column, isRetryable } = error.detail;
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 8; cause = cause.cause)
    if (!error.message.includes(cause.message) && !causes.includes(cause.message)) causes.push(cause.message);
  return {
    level: "error",
    code: error.code,
    message: error.message,
    ...(hints && { hints }),
    ...(evidence && { evidence }),
    ...(causes.length > 0 && { causes }),
    ...(context && { context }),
    ...(fixes && { fixes }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(isRetryable !== undefined && { isRetryable }),
    ...where,
    ...(error.stack !== undefined && { stack: error.stack }),
  };
}
