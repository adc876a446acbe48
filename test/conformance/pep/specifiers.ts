import { intersectRanges, isSubrange } from "../../../plugin-api/python/key-range.ts";
import {
  containsKey,
  filterVersions,
  parseClause,
  parseSpecifier,
  satisfies,
} from "../../../plugin-api/python/specifier.ts";
import { versionKey } from "../../../plugin-api/python/version-key.ts";
import { type Row, unlessInvalid } from "./row.ts";

interface Specifiers {
  readonly contains: readonly (readonly [specifier: string, version: string, allowed: boolean, refused: boolean])[];
  readonly normalized: readonly (readonly [input: string, clauses: readonly string[]])[];
  readonly invalid: readonly string[];
  readonly filter: readonly FilterRow[];
  readonly algebra: readonly AlgebraRow[];
}
interface FilterRow {
  readonly spec: string;
  readonly versions: readonly string[];
  readonly default: readonly string[];
  readonly all: readonly string[];
  readonly final: readonly string[];
  readonly prereleases: true | null;
}
interface AlgebraRow {
  readonly a: string;
  readonly b: string;
  readonly a_empty: boolean;
  readonly both_empty: boolean;
  readonly a_subset_of_b: boolean;
  readonly b_subset_of_a: boolean;
}

function* checkContains(rows: Specifiers["contains"]): Iterable<Row> {
  for (const [text, version, allowed, refused] of rows) {
    const subject = `${version} in ${text}`;
    yield {
      subject,
      expected: [allowed, refused],
      answer: () => {
        const specifier = parseSpecifier(text);
        return [satisfies(specifier, version), satisfies(specifier, version, { prereleases: false })];
      },
    };
    const key = versionKey(version);
    if (key !== undefined && parseSpecifier(text).exactTexts === undefined) {
      yield { subject: `key of ${subject}`, expected: allowed, answer: () => containsKey(parseSpecifier(text), key) };
    }
  }
}

function* checkFilter(rows: readonly FilterRow[]): Iterable<Row> {
  for (const row of rows) {
    const answer = (): unknown => {
      const specifier = parseSpecifier(row.spec);
      const filter = (options: { prereleases?: boolean }): readonly string[] =>
        filterVersions(specifier, row.versions, options);
      return [filter({}), filter({ prereleases: true }), filter({ prereleases: false }), specifier.namesPrerelease];
    };
    const expected = [row.default, row.all, row.final, row.prereleases === true];
    yield { subject: `${row.versions.join(" ")} by ${row.spec}`, expected, answer };
  }
}

function* checkAlgebra(rows: readonly AlgebraRow[]): Iterable<Row> {
  for (const row of rows) {
    const answer = (): unknown => {
      const a = parseSpecifier(row.a).bounds;
      const b = parseSpecifier(row.b).bounds;
      return [a.length === 0, intersectRanges(a, b).length === 0, isSubrange(a, b), isSubrange(b, a)];
    };
    const expected = [row.a_empty, row.both_empty, row.a_subset_of_b, row.b_subset_of_a];
    yield { subject: `${row.a} against ${row.b}`, expected, answer };
  }
}

export function* checkSpecifiers(data: Specifiers): Iterable<Row> {
  yield* checkContains(data.contains);
  for (const [input, expected] of data.normalized) {
    const answer = (): unknown => parseSpecifier(input).clauses.map(({ operator, version }) => operator + version);
    yield { subject: input, expected, answer };
  }
  for (const text of data.invalid) {
    yield { subject: text, expected: null, answer: () => unlessInvalid(() => parseClause(text)) };
  }
  yield* checkFilter(data.filter);
  yield* checkAlgebra(data.algebra);
}
