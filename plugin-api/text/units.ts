/** A span of time as people read it: `32ms`, `0.9s`, `1m 12s`, `1h 03m`. */
export function formatDuration(ms: number): string {
  if (ms < 99.5) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

const two = (value: number): string => String(value).padStart(2, "0");

const KIB = 1024;

/** A size as people read it, 1 K = 1024 bytes: `512B`, `880K`, `31.4M`, `2.1G`, `1.5T`. */
export function formatSize(bytes: number): string {
  if (bytes < KIB) return `${bytes}B`;
  const kib = bytes / KIB;
  if (Math.round(kib) < KIB) return `${Math.round(kib)}K`;
  const mib = kib / KIB;
  if (mib < KIB - 0.05) return `${mib.toFixed(1)}M`;
  const gib = mib / KIB;
  return gib < KIB - 0.05 ? `${gib.toFixed(1)}G` : `${(gib / KIB).toFixed(1)}T`;
}

/** Bytes of a size as people write it: `1G`, `500M`, `1.5 GiB`, `10KB`, `4096`; undefined for anything else. 1 K = 1024 bytes. */
export function parseSize(text: string): number | undefined {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?|\.\d+)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  if (number === "") return undefined;
  return Math.round(Number(number) * KIB ** " kmgt".indexOf(unit.toLowerCase() || " "));
}

const AGES: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Milliseconds of an age as people write it: `90d`, `12h`, `2w`, `30m`, `45s`, `0`; undefined for anything else. */
export function parseAge(text: string): number | undefined {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([smhdw])?$/i.exec(text.trim()) ?? [];
  if (number === "" || (unit === "" && Number(number) !== 0)) return undefined;
  return Number(number) * (AGES[unit.toLowerCase()] ?? 0) * 1000;
}

/** An age in the largest unit that is not more than it: `12s`, `5m`, `3h`, `94d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** A count with its noun: `1 package`, `2 packages`, `12,097 files`; the plural is given where it isn't the noun with `s`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")} ${count === 1 ? noun : plural}`;
