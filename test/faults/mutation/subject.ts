import type { Mutation } from "./mutate.ts";

/**
 * Something that reads files of strangers. To add one: a file beside this one, and a line in subjects.ts. The engine
 * changes a sample in one to four ways and expects that reading it ends in time, with an answer or a refusal.
 */
export interface Subject {
  readonly name: string;
  /** Files that can be read. */
  readonly samples: readonly Uint8Array[];
  /** Changes that only make sense here, beside the common ones. */
  readonly mutations: readonly Mutation[];
  /** What is done once all changes are made, such as putting a checksum right again. */
  readonly finish?: Mutation;
  /** Reads everything there is; what it returns has to depend on the given bytes alone. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** Whether an error is one that a user is told with a code. */
  readonly isRefusal: (error: unknown) => boolean;
}
