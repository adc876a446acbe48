/** Something that is not as it was made. */
export interface Finding {
  readonly scope: "store" | "env" | "lock";
  /** A distribution with its version, an environment, or a lock. */
  readonly subject: string;
  /** The file in it; empty for the subject as a whole. */
  readonly path: string;
  /** Completes what subject and path begin: `is missing`. */
  readonly problem: string;
  readonly action: "removed" | "recompiled" | "none";
  /** What brings it back in order. */
  readonly mend: "sync" | "environment" | "lock" | "nothing";
}
