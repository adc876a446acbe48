import type { Event } from "../../plugin-api/event.ts";
import {
  advance,
  bytesOf,
  IDLE,
  PHASES,
  type Phase,
  type Progress,
  type Track,
} from "../../plugin-api/progress-model.ts";
import { counted, formatDuration, formatSize } from "../../plugin-api/text/units.ts";

/** One plain line per phase start and end, for logs of those who ask for them (SPEC PRG-05). */
export function plainLines(write: (text: string) => void, nowMs: () => number): (event: Event) => void {
  const begun = new Set<Phase>();
  let hasToldDownloads = false;
  let model: Progress = IDLE;
  return (event) => {
    const before = model;
    const now = nowMs();
    model = advance(before, event, now);
    for (const phase of PHASES) {
      const was = before[phase];
      const isTold = begun.has(phase) || (phase === "download" && (was?.done ?? 0) > 0 && !hasToldDownloads);
      if (was && isTold && hasEnded(phase, model)) {
        begun.delete(phase);
        hasToldDownloads ||= phase === "download";
        const line = ended(phase, model[phase] ?? was, now);
        if (line !== undefined) write(`${line}\n`);
      }
      const track = model[phase];
      const isAhead = phase === "download" && model.resolve?.isOpen === true;
      if (track?.isOpen && !begun.has(phase) && !isAhead) {
        begun.add(phase);
        write(`${started(phase, track)}\n`);
      }
    }
  };
}

/** Downloads and builds come in bursts: they have ended when the next phase begins or all is over. */
function hasEnded(phase: Phase, after: Progress): boolean {
  if (after[phase]?.isOpen) return false;
  return phase === "download" || phase === "build" ? after[phase] === undefined || after.install !== undefined : true;
}

function started(phase: Phase, { total, item }: Track): string {
  if (phase === "resolve") return "Resolving";
  if (phase === "download") return "Downloading";
  if (phase === "build") return `Building ${item}`;
  return phase === "install" ? `Installing ${counted(total ?? 0, "package")}` : `Waiting ${item}`;
}

function ended(phase: Phase, track: Track, nowMs: number): string | undefined {
  const time = formatDuration(nowMs - track.startedAtMs);
  if (phase === "resolve") return `Resolved ${counted(track.done, "package")} in ${time}`;
  if (phase === "download")
    return `Downloaded ${counted(track.done, "package")}, ${formatSize(bytesOf(track).done)} in ${time}`;
  if (phase === "build") return `Built ${counted(track.done, "package")} in ${time}`;
  return phase === "install" ? `Installed ${counted(track.total ?? track.done, "package")} in ${time}` : undefined;
}
