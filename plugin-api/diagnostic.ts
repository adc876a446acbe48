import type { Fix } from "./error.ts";

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
