import type { Event, EventType } from "../../plugin-api/event.ts";
import { advance, IDLE, PROGRESS_STEPS, type Progress } from "../../plugin-api/progress-model.ts";
import { draw } from "./draw.ts";

/** What drawing needs of the world; tests give their own clock and screen. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly nowMs: () => number;
  readonly columns: () => number;
  readonly isUnicode: boolean;
  /** Other observers print a line for many events (`-v`), so the drawing goes before each. */
  readonly isTalkative: boolean;
  /** Calls `tick` every `ms` until the returned function is called. */
  readonly every: (ms: number, tick: () => void) => () => void;
}

/** The first paint and every further one come at least this much later (SPEC PRG-05). */
const PAUSE_MS = 100;
const FOR_GOOD: ReadonlySet<EventType> = new Set(["CommandEnd", "ScriptStart", "Report"]);

/** Draws the model while something is going on, at most ten times a second, and takes it away before others print. */
export function animate(screen: Screen): { readonly observe: (event: Event) => void; readonly erase: () => void } {
  let model: Progress = IDLE;
  let lines = 0;
  let frame = 0;
  let paintedAtMs = Number.NEGATIVE_INFINITY;
  let stop: (() => void) | undefined;
  let isOver = false;
  let isAsking = false;

  const erase = (): void => {
    if (lines > 0) screen.write(`\r\u001b[K${"\u001b[1A\u001b[K".repeat(lines - 1)}`);
    lines = 0;
  };
  const paint = (): void => {
    const nowMs = screen.nowMs();
    if (isOver || isAsking || nowMs - paintedAtMs < PAUSE_MS) return;
    paintedAtMs = nowMs;
    const { isUnicode } = screen;
    const drawn = draw(model, { width: screen.columns(), nowMs, isUnicode, frame: frame++ });
    if (drawn.length === 0) return erase();
    const up = lines > 1 ? `\u001b[${lines - 1}A` : "";
    const rest = lines > drawn.length ? "\n\u001b[K".repeat(lines - drawn.length) : "";
    const back = lines > drawn.length ? `\u001b[${lines - drawn.length}A` : "";
    screen.write(`${up}\r${drawn.map((line) => `${line}\u001b[K`).join("\n")}${rest}${back}`);
    lines = drawn.length;
  };
  const observe = (event: Event): void => {
    if (isOver) return;
    model = advance(model, event, screen.nowMs());
    if (FOR_GOOD.has(event.type)) {
      isOver = true;
      stop?.();
      return erase();
    }
    isAsking = event.type === "Prompt";
    const isPrinted = isAsking || event.type === "Diagnostic" || (screen.isTalkative && !isFrequent(event.type));
    if (isPrinted) erase();
    if (model.phase === undefined) return;
    if (stop === undefined) {
      // The clock starts with the first thing to show; what is over sooner than that is never drawn.
      paintedAtMs = screen.nowMs();
      stop = screen.every(PAUSE_MS, paint);
    } else if (!isPrinted) paint();
  };
  return { observe, erase };
}

const FREQUENT: ReadonlySet<EventType> = new Set([
  "ResolveProgress",
  "DownloadStart",
  "DownloadProgress",
  "InstallProgress",
]);
const isFrequent = (type: EventType): boolean => FREQUENT.has(type) && PROGRESS_STEPS[type] !== "silent";
