/** What differs from run to run, and the word that stands for it in expected output. Order matters. */
const FILTERS: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/\r\n/g, "\n"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "[UUID]"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/g, "[TIMESTAMP]"],
  [/\b[0-9a-f]{64}\b/g, "[HASH]"],
  // Kept environments are named for half of one.
  [/(?<=-envs\/)[0-9a-f]{32}\b/g, "[HASH]"],
  [/(https?:\/\/)(127\.0\.0\.1|localhost):\d+/g, "$1[INDEX]"],
  [/\b\d+(\.\d+)? ?(ms|s)\b/g, "[TIME]"],
  [/("(?:duration_ms|seq)": ?)\d+(\.\d+)?/g, "$1[NUMBER]"],
];

/** Output as expected files hold it: paths below the place's root as `[ROOT]`, times, hashes and ports as words. */
export const normalize = (text: string, root: string): string =>
  FILTERS.reduce((result, [pattern, word]) => result.replace(pattern, word), text.replaceAll(root, "[ROOT]"));
