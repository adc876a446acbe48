import {
  baseVersion,
  canonicalVersion,
  compareVersions,
  parseVersion,
  publicVersion,
} from "../../../plugin-api/python/version.ts";
import { isPrereleaseKey, versionKey } from "../../../plugin-api/python/version-key.ts";
import { type Row, unlessInvalid } from "./row.ts";

interface VersionRow {
  readonly input: string;
  readonly prerelease: boolean;
  readonly [field: string]: unknown;
}

interface Versions {
  readonly valid: readonly VersionRow[];
  readonly invalid: readonly string[];
  readonly order: readonly (readonly string[])[];
}

function answerFor(input: string): unknown {
  const version = parseVersion(input);
  const { normalized, epoch, release, pre = null, post = null, dev = null, local = null } = version;
  return {
    input,
    normalized,
    epoch,
    release,
    pre,
    post,
    dev,
    local,
    public: publicVersion(version),
    base: baseVersion(version),
    prerelease: isPrereleaseKey(version.key),
    postrelease: post !== null,
    devrelease: dev !== null,
    trimmed: canonicalVersion(version),
  };
}

export function* checkVersions({ valid, invalid, order }: Versions): Iterable<Row> {
  for (const row of valid) {
    yield { subject: row.input, expected: row, answer: () => answerFor(row.input) };
    yield {
      subject: `key of ${row.input}`,
      expected: parseVersion(row.input).key,
      answer: () => versionKey(row.input),
    };
  }
  for (const text of invalid) {
    yield { subject: text, expected: null, answer: () => unlessInvalid(() => parseVersion(text)) };
    yield { subject: `key of ${text}`, expected: false, answer: () => versionKey(text) !== undefined };
  }
  for (const [i, group] of order.entries()) {
    const first = parseVersion(group[0]!);
    for (const text of group) {
      yield {
        subject: `${text} = ${first.text}`,
        expected: 0,
        answer: () => compareVersions(parseVersion(text), first),
      };
    }
    // Against every later group, not the next alone: so the order is known to be transitive.
    const notLater = (): unknown =>
      order.slice(i + 1).filter(([later]) => compareVersions(first, parseVersion(later!)) !== -1);
    yield { subject: `${first.text} < ${order.length - i - 1} others`, expected: [], answer: notLater };
  }
}
