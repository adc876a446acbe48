/** One of the two programs that are compared, with folders and variables of its own. */
export interface Side {
  readonly tool: "pybun" | Scenario["peer"];
  /** Absolute path of the executable. */
  readonly program: string;
  readonly cwd: string;
  /** `PYBUN_HOME` or `UV_CACHE_DIR`. */
  readonly data: string;
  /** Real path of the interpreter both are told to use. */
  readonly python: string;
  /** The index that `env` names, by HTTP/2. */
  readonly http2Index: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes a folder or file out of the way; nothing is deleted while times are taken. */
  setAside(path: string): void;
}

export interface Command {
  /** Absolute path, where it is not the side's own program. */
  readonly program?: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What is timed: data, and what to do before it all (`prepare`), before each run (`reset`) and in the end (`finish`), all untimed. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /**
   * What PyBun is compared with: its rival, or a floor: an empty program, or the interpreter without any tool; or what it
   * does itself without the thing that is measured: a new start.
   */
  readonly peer: "uv" | "empty" | "python" | "restart";
  /** Largest ratio that counts as reached; without one the row only informs. */
  readonly target?: number;
  readonly pairs: number;
  /** A file system in memory, or the one of the system's temporary folder. */
  readonly on: "tmpfs" | "disk";
  /** Say how much memory either side takes, too. */
  readonly isMemoryMeasured?: boolean;
  prepare?(side: Side): void;
  reset?(side: Side): void;
  command(side: Side): Command;
  /** Ends what was left running; also when something failed. */
  finish?(side: Side): void;
  /** Folder whose environment must be the same on both sides after the last run. */
  environments?(side: Side): string;
}

/** A row of the table and of the JSON file; times in milliseconds. */
export interface Row {
  readonly scenario: string;
  readonly summary: string;
  readonly on: string;
  readonly peer: string;
  readonly pairs: number;
  readonly pybun: Timing;
  readonly other: Timing;
  /** Median of the ratios of the pairs. */
  readonly ratio: number;
  readonly target?: number;
  /** Most memory resident at any moment: PyBun's, the peer's. */
  readonly peakMb?: readonly [pybun: number, other: number];
  /** Why the row can't be trusted, such as environments that differ. */
  readonly mark?: string;
}

export interface Timing {
  readonly medianMs: number;
  readonly minMs: number;
  readonly allMs: readonly number[];
}
