import { serviceKey } from "./service.ts";

/** Questions to a person; off a terminal every question takes its safe answer (SPEC CLI-12). */
export interface Prompts {
  confirm(question: string, safe: boolean): Promise<boolean>;
  /**
   * Asks for a line of text; `secret` is not shown while it is typed, and known to the redactor from then on. Undefined
   * where nobody can be asked, and for an empty line.
   */
  text(question: string, kind: "plain" | "secret"): Promise<string | undefined>;
  /** Asks for one line, and again until there is nothing wrong with it. An empty line, and off a terminal: the usual answer. */
  ask(question: LineQuestion): Promise<string>;
}
/** A question with a usual answer. */
export interface LineQuestion {
  /** Without a colon, such as `Project name`. */
  readonly words: string;
  /** May be empty. */
  readonly usual: string;
  /** Lines to show above it. */
  readonly above?: readonly string[];
  /** The only answers there are; their beginnings will do where they are unlike. */
  readonly choices?: readonly string[];
  /** What is wrong with an answer, as half a sentence; undefined for nothing. */
  readonly problem?: (answer: string) => string | undefined;
}
export const Prompts = serviceKey<Prompts>("Prompts");
