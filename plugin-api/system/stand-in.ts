// A process may stand in for the one that a user has started. What it can't do in its place, it leaves to that one.

/** A program that a process becomes. */
export interface Becoming {
  readonly argv: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What a process that stands in for another can ask of that one. */
export interface StandIn {
  /** Ends this process; the other one runs the command itself, from its beginning. */
  end(): never;
  /** The other one becomes a program, or runs the command itself; here, nothing of the command goes on. */
  handBack(program: Becoming | undefined): Promise<never>;
}

let current: StandIn | undefined;

/** Makes this process one that stands in for another; `undefined` once it does so no more. */
export function standIn(caller: StandIn | undefined): void {
  current = caller;
}

/**
 * Where this process stands in for another, ends it here, with all it holds: the other one runs the command itself, from its
 * beginning. To be called where doing so says and changes nothing twice.
 */
export const onlyCallerCan = (): void => current?.end();

/**
 * Where this process stands in for another, never returns: that one becomes the program, or without one runs the command itself.
 * To be called where nothing is held, such as a lock.
 */
export const handBack = async (program?: Becoming): Promise<void> => current?.handBack(program);
