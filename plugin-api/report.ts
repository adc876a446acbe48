import type { Diagnostic } from "./diagnostic.ts";
import type { NextAction } from "./event.ts";

/**
 * What a command returns. `data` is the JSON result; `text` renders the same facts for people and is called only when
 * a text reporter asks. Errors are thrown, not reported; exit code 1 is for findings (SPEC EXIT-1).
 */
export interface Report {
  /** 0, 1 for findings, or the code of a child that was run. */
  readonly exitCode: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** Lines for standard output, built with `ui` roles; absent when the command has nothing to say to people. */
  readonly text?: (ui: TextStyle) => string;
  /** Warnings and infos that are part of the result rather than of the way to it. */
  readonly diagnostics?: readonly Diagnostic[];
  readonly nextActions?: readonly NextAction[];
  /** Fields of the envelope's top level that only some commands fill (SPEC JSN-10). */
  readonly envelope?: {
    readonly error_type?: string;
    readonly context?: string;
    readonly fix_suggestion?: string | null;
    readonly module?: string;
  };
}

/** Colour roles and symbols of one output stream; plain strings where the stream has no colour (SPEC COL-01). */
export interface TextStyle {
  readonly isTerminal: boolean;
  /** Columns of the terminal, 80 when unknown; Infinity off a terminal. Prose takes at most 100 (`text/wrap.ts`). */
  readonly width: number;
  /** 0 to 3, counted `-v`. */
  readonly verbosity: number;
  readonly isQuiet: boolean;
  readonly err: Paint;
  readonly warn: Paint;
  readonly hint: Paint;
  readonly cmd: Paint;
  readonly name: Paint;
  readonly add: Paint;
  readonly chg: Paint;
  readonly del: Paint;
  readonly ok: Paint;
  readonly dim: Paint;
  /** `→` in a UTF-8 terminal, `->` elsewhere. */
  readonly arrow: string;
  readonly ellipsis: string;
  /** Three columns each, the blank behind the line included. */
  readonly tree: { readonly tee: string; readonly corner: string; readonly bar: string };
}
export type Paint = (text: string) => string;
