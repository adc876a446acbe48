/** What may be said about a failure beside its code and message. */
export interface ErrorDetail {
  /** What to do next, one sentence with a command in backticks that can be pasted. At most two. */
  readonly hints?: readonly string[];
  /** Aligned facts, a quote or a chain: one line each, printed indented below the message. */
  readonly evidence?: readonly string[];
  /** Process exit code (SPEC 1.5). Without it, the one declared for the code by its plugin, else 70. */
  readonly exitCode?: number;
  /** The same facts as data, for `diagnostics[].context` (SPEC DIA-01). */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Repairs a program may apply (SPEC DIA-02). */
  readonly fixes?: readonly Fix[];
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  /** True when the same call may succeed later without any change. */
  readonly isRetryable?: boolean;
  readonly cause?: unknown;
}

/** A repair: a command, or edits of files that are refused when the file's hash differs (SPEC DIA-02). */
export interface Fix {
  readonly id: string;
  /** `machine`: safe to apply unseen. `review`: a person should look. `placeholder`: holes to fill in. */
  readonly applicability: "machine" | "review" | "placeholder";
  readonly command?: readonly string[];
  readonly edits?: readonly FileEdit[];
}

/** Replaces bytes `range[0]` (inclusive) to `range[1]` (exclusive) of `file`, if its SHA-256 is still `sha256`. */
export interface FileEdit {
  readonly file: string;
  readonly range: readonly [number, number];
  readonly sha256: string;
  readonly newText: string;
}

/**
 * Any failure a user can meet. `code` is stable, documented on one page and belongs to the plugin that throws it;
 * the message says what happened in the user's words, lower case, without a full stop.
 */
export class PybunError extends Error {
  override readonly name = "PybunError";
  readonly code: string;
  readonly detail: ErrorDetail;

  constructor(code: string, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.detail = detail;
  }
}

/** A text that a standard's grammar refuses. Thrown by the parsers of `plugin-api/python`; callers add code and place. */
export class InvalidSyntax extends Error {
  override readonly name = "InvalidSyntax";
  /** 0-based index into the parsed text, when the parser knows it. */
  readonly position: number | undefined;

  constructor(message: string, position?: number) {
    super(message);
    this.position = position;
  }
}

/** Declares an error, warning or info code: its exit code and the page `pybun explain CODE` prints (SPEC DIA-04, DIA-05). */
export interface CodeSpec {
  /** Process exit code when this ends a command; absent for `W_` and `I_` codes. */
  readonly exitCode?: number;
  /** One sentence: what the code means. */
  readonly summary: string;
  /** Why it happens. */
  readonly cause: string;
  /** The smallest input that provokes it. */
  readonly example: string;
  /** What to do about it. */
  readonly repair: string;
}

/** Signals that ask the work to stop, with the exit codes that tell of them: 128 and their numbers. */
export const INTERRUPTIONS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type Interruption = keyof typeof INTERRUPTIONS;

/** A signal ended the work. Not a diagnostic: the process says `interrupted` and leaves with 128 + the signal's number. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;
  readonly signal: Interruption;
  constructor(signal: Interruption) {
    super("interrupted");
    this.signal = signal;
    this.exitCode = INTERRUPTIONS[signal];
  }
}
