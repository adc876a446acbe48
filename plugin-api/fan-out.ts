import type { Event, Stamped } from "./event.ts";

/** An observer and whose it is. */
export interface Seeing {
  readonly plugin: string;
  readonly see: (event: Stamped) => void;
}
/**
 * The stage `report`: stamps each event and hands it to every observer in turn. One that throws is left out from then on,
 * with a warning in its plugin's name; `onFailure` is told why.
 */
export function emitter(observers: Seeing[], onFailure: (error: unknown) => void): (event: Event) => void {
  let seq = 0;
  const emit = (event: Event): void => {
    const stamped = { ...event, seq: ++seq, timestamp: new Date().toISOString() };
    for (const observer of observers.slice()) {
      try {
        observer.see(stamped);
      } catch (error) {
        onFailure(error);
        // One that fails once would fail at every event; the others and the command go on.
        observers.splice(observers.indexOf(observer), 1);
        const { plugin } = observer;
        const message = `the observer of plugin \`${plugin}\` failed: ${error instanceof Error ? error.message : String(error)}`;
        emit({ type: "Diagnostic", diagnostic: { level: "warning", code: "E_PLUGIN", message, plugin } });
      }
    }
  };
  return emit;
}
