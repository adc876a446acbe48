import {
  formatRequirement,
  parseRequirement,
  parseWrittenRequirement,
} from "../../../plugin-api/python/requirement.ts";
import { parseSpecifier } from "../../../plugin-api/python/specifier.ts";
import { type Row, unlessInvalid } from "./row.ts";

interface Requirements {
  readonly cases: readonly RequirementRow[];
}
interface RequirementRow {
  readonly input: string;
  readonly valid: boolean;
  readonly name?: string;
  readonly normalized_name?: string;
  readonly extras?: readonly string[];
  readonly specifiers?: readonly string[];
  readonly url?: string | null;
  readonly marker?: string | null;
  readonly str?: string;
}

function answerFor(input: string): unknown {
  const written = parseWrittenRequirement(input);
  const { name, extras, specifier, url, marker } = written;
  return {
    input,
    valid: true,
    name,
    normalized_name: parseRequirement(input).name,
    extras,
    specifiers: parseSpecifier(specifier).clauses.map((clause) => clause.operator + clause.version),
    url: url ?? null,
    marker: marker === "" ? null : marker,
    str: formatRequirement(written),
  };
}

export function* checkRequirements({ cases }: Requirements): Iterable<Row> {
  for (const row of cases) {
    const { input } = row;
    if (!row.valid) {
      yield { subject: input, expected: null, answer: () => unlessInvalid(() => parseRequirement(input)) };
      continue;
    }
    yield { subject: input, expected: row, answer: () => answerFor(input) };
    const again = (): unknown => parseWrittenRequirement(formatRequirement(parseWrittenRequirement(input)));
    yield { subject: `again ${input}`, expected: parseWrittenRequirement(input), answer: again };
  }
}
