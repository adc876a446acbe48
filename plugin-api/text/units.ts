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

/** A size as people read it, 1 K = 1024 bytes: `512B`, `880K`, `31.4M`, `2.1G`. */
export function formatSize(bytes: number): string {
  if (bytes < KIB) return `${bytes}B`;
  const kib = bytes / KIB;
  if (Math.round(kib) < KIB) return `${Math.round(kib)}K`;
  const mib = kib / KIB;
  return mib < KIB - 0.05 ? `${mib.toFixed(1)}M` : `${(mib / KIB).toFixed(1)}G`;
}

/** A count with its noun: `1 package`, `2 packages`, `12,097 files`; the plural is given where it isn't the noun with `s`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")} ${count === 1 ? noun : plural}`;
