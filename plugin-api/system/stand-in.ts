// A process may stand in for the one that a user has started. What it can't do in its place, it leaves to that one.

let leave: (() => never) | undefined;

/** Makes this process one that stands in for another; `undefined` once it does so no more. */
export function standIn(leaveToCaller: (() => never) | undefined): void {
  leave = leaveToCaller;
}

/**
 * Where this process stands in for another, ends it here: the other one runs the command itself, from its beginning. To be
 * called before anything is changed or said.
 */
export const onlyCallerCan = (): void => leave?.();
