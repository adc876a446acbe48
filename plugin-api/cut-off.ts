const DAY_MS = 86_400_000;
const UNITS_MS: Readonly<Record<string, number>> = { h: DAY_MS / 24, d: DAY_MS, w: 7 * DAY_MS };

/**
 * A moment after which nothing counts, in milliseconds since the epoch: a time (RFC 3339), a date (its end in UTC, so that
 * the day itself counts) or an age before now (`36 hours`, `7 days`, `2w`, ISO 8601 `P7D`). Undefined for any other text.
 */
export function parseCutOff(text: string, nowMs: number): number | undefined {
  const age = /^(\d+)\s*(h|d|w)(?:ours?|ays?|eeks?)?$/i.exec(text.trim());
  if (age) return nowMs - Number(age[1]) * UNITS_MS[age[2]!.toLowerCase()]!;
  const period = /^P(?:(\d+)W|(\d+)D)$/i.exec(text.trim());
  if (period) return nowMs - Number(period[1] ?? 0) * 7 * DAY_MS - Number(period[2] ?? 0) * DAY_MS;
  if (!/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/i.test(text.trim()))
    return undefined;
  const time = Date.parse(text.trim().replace(" ", "T"));
  if (Number.isNaN(time)) return undefined;
  return text.trim().length === 10 ? time + DAY_MS : time;
}
