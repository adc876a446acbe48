import type { Change } from "./gather.ts";

export interface ChangeQueue {
  push(changes: readonly Change[]): void;
  /** Settles when there are changes to take, or the signal is aborted. */
  arrival(): Promise<void>;
  take(): readonly Change[];
  /** What comes until nothing has come for so long, without waiting for a first. */
  until(quietMs: number): Promise<readonly Change[]>;
}

export function changeQueue(signal: AbortSignal): ChangeQueue {
  const waiting = new Map<string, Change>();
  let wake: (() => void) | undefined;
  const take = (): readonly Change[] => {
    const all = [...waiting.values()];
    waiting.clear();
    return all;
  };
  signal.addEventListener("abort", () => wake?.(), { once: true });
  return {
    push(changes) {
      for (const change of changes) waiting.set(change.path, merged(waiting.get(change.path), change));
      wake?.();
    },
    async arrival() {
      if (waiting.size === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
    },
    take,
    async until(quietMs) {
      for (let seen = -1; seen !== waiting.size && !signal.aborted; ) {
        seen = waiting.size;
        await new Promise((resolve) => setTimeout(resolve, quietMs));
      }
      return take();
    },
  };
}

/** Two changes of one file as one. */
function merged(before: Change | undefined, now: Change): Change {
  if (before === undefined || before.kind === now.kind) return now;
  if (before.kind === "added" && now.kind === "changed") return before;
  return now.kind === "removed" ? now : { path: now.path, kind: "changed" };
}
