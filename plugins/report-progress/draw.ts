import { bytesOf, bytesPerSecond, type Phase, type Progress, type Track } from "../../plugin-api/progress-model.ts";
import { counted as countOf, formatDuration, formatSize } from "../../plugin-api/text/units.ts";
import { cut, textColumns } from "../../plugin-api/text/wrap.ts";

/** Everything but the model that decides a drawing. */
export interface Canvas {
  /** Columns of the terminal; the last one stays free. */
  readonly width: number;
  readonly nowMs: number;
  readonly isUnicode: boolean;
  /** Counts up with every paint; turns the spinner. */
  readonly frame: number;
}

const VERBS: Readonly<Record<Phase, string>> = {
  resolve: "Resolving",
  download: "Downloading",
  build: "Building",
  install: "Installing",
  wait: "Waiting",
};
const UNICODE = { spinner: Array.from("⠋⠙⠹⠸⠼⠴⠦⠧"), full: "█", empty: "░", ellipsis: "…" };
const ASCII = { spinner: Array.from("-\\|/"), full: "#", empty: ".", ellipsis: "..." };
type Symbols = typeof UNICODE;

/** From here on the bar is wider. */
const WIDE = 120;
/** An install line with less room shows the package rather than the bar. */
const LEAST_ITEM = 12;
const VERB = 11;
const MOST_ITEMS = 3;
const ITEMS_AFTER_MS = 2000;

/** The model as lines: the phase, and after two seconds the slowest of many downloads. Pure. */
export function draw(model: Progress, canvas: Canvas): readonly string[] {
  const { phase } = model;
  const track = phase && model[phase];
  if (phase === undefined || track === undefined) return [];
  const symbols = canvas.isUnicode ? UNICODE : ASCII;
  const spinner = symbols.spinner[canvas.frame % symbols.spinner.length] as string;
  const head = `${spinner} ${VERBS[phase].padEnd(VERB)}  `;
  const space = columnsFor(canvas.width);
  if (phase === "download") {
    const lines = [head + measures(track, canvas, symbols), ...slowest(track, canvas, symbols)];
    return lines.map((text) => cut(text.trimEnd(), space, symbols.ellipsis));
  }
  if (phase === "install") return [cut(head + counted(track, canvas, symbols), space, symbols.ellipsis)];
  return [withTime(head + words(phase, track), elapsed(canvas.nowMs - track.startedAtMs), { space, symbols })];
}

const columnsFor = (width: number): number => (width >= WIDE ? 95 : Math.min(width - 1, 79));
const barWidth = (width: number): number => (width >= WIDE ? 40 : 24);
const HEAD = 2 + VERB + 2;

/** `10/17  31.2M/72.0M  3.1M/s   13s left`; where there is no room, first the time goes, then the rate, then the bar. */
function measures(track: Track, { width, nowMs }: Canvas, symbols: Symbols): string {
  const bytes = bytesOf(track);
  const rate = bytesPerSecond(track, nowMs);
  const total = bytes.total !== undefined && bytes.total > 0 ? bytes.total : undefined;
  const share = total === undefined ? ratio(track.done, track.total) : ratio(bytes.done, total);
  const leftMs = total !== undefined && rate > 0 ? ((total - bytes.done) / rate) * 1000 : 0;
  const fields = [
    bar(share, barWidth(width), symbols),
    `${track.done}/${track.total ?? "?"}`.padStart(5),
    (total === undefined ? formatSize(bytes.done) : `${formatSize(bytes.done)}/${formatSize(total)}`).padStart(11),
    rate > 0 ? `${formatSize(rate)}/s`.padStart(6) : "",
    leftMs >= 1000 ? `${elapsed(leftMs, 0)} left`.padStart(9) : "",
  ];
  const joined = (...kept: readonly number[]) =>
    kept
      .map((index) => fields[index])
      .join("  ")
      .trimEnd();
  const choices = [joined(0, 1, 2, 3, 4), joined(0, 1, 2, 3), joined(0, 1, 2)];
  return choices.find((line) => HEAD + line.length <= columnsFor(width)) ?? joined(1, 2);
}

function counted(track: Track, { width }: Canvas, symbols: Symbols): string {
  const count = `${`${track.done}/${track.total ?? "?"}`.padStart(5)}  `;
  const drawn = `${bar(ratio(track.done, track.total), barWidth(width), symbols)}  `;
  const hasRoom = HEAD + drawn.length + count.length + LEAST_ITEM <= columnsFor(width);
  return `${hasRoom && track.total !== undefined ? drawn : ""}${count}${track.item}`;
}

function words(phase: Phase, track: Track): string {
  if (phase === "resolve") return `${countOf(track.done, "package")}${track.item === "" ? "" : `, ${track.item}`}`;
  const several = phase === "build" && (track.total ?? 0) > 1;
  return several ? `${track.item}, ${Math.min(track.done + 1, track.total ?? 1)} of ${track.total}` : track.item;
}

/** The slowest of several downloads, those with most left to fetch first. */
function slowest(track: Track, { width, nowMs }: Canvas, symbols: Symbols): readonly string[] {
  if ((track.total ?? 0) < 2 || nowMs - track.startedAtMs < ITEMS_AFTER_MS) return [];
  const left = ({ totalBytes = 0, doneBytes }: { totalBytes: number | undefined; doneBytes: number }) =>
    totalBytes - doneBytes;
  return [...track.items.values()]
    .filter((item) => item.totalBytes !== undefined && nowMs - item.startedAtMs >= ITEMS_AFTER_MS)
    .sort((a, b) => left(b) - left(a))
    .slice(0, MOST_ITEMS)
    .map(({ label, doneBytes, totalBytes = 0 }) => {
      const name = padEnd(cut(label, 20, symbols.ellipsis), 20);
      const sizes = `${formatSize(doneBytes)}/${formatSize(totalBytes)}`.padStart(11);
      const drawn = `    ${name}  ${bar(ratio(doneBytes, totalBytes), barWidth(width), symbols)}  ${sizes}`;
      return textColumns(drawn) <= columnsFor(width) ? drawn : `    ${name}  ${sizes}`;
    });
}

const padEnd = (text: string, columns: number): string => text + " ".repeat(Math.max(0, columns - textColumns(text)));

const ratio = (done: number, total: number | undefined): number =>
  total === undefined || total === 0 ? 0 : Math.min(1, done / total);

function bar(share: number, width: number, { full, empty }: Symbols): string {
  const filled = Math.floor(share * width);
  return full.repeat(filled) + empty.repeat(width - filled);
}

/** Under ten seconds with a decimal, so that it is seen to move. */
const elapsed = (ms: number, decimals = 1): string =>
  ms < 9950 ? `${(ms / 1000).toFixed(decimals)}s` : ms < 59_500 ? `${Math.round(ms / 1000)}s` : formatDuration(ms);

/** The time stands at the right end; the words give way to it. */
function withTime(text: string, time: string, { space, symbols }: { space: number; symbols: Symbols }): string {
  const room = space - time.length - 2;
  const shown = cut(text, room, symbols.ellipsis);
  return `${padEnd(shown, room)}  ${time}`;
}
