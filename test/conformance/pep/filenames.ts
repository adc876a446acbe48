import { isNormalizedName, isPackageName, normalizeName } from "../../../plugin-api/python/package-name.ts";
import { parseSdistFilename } from "../../../plugin-api/python/sdist-filename.ts";
import { parseVersion } from "../../../plugin-api/python/version.ts";
import { parseWheelFilename } from "../../../plugin-api/python/wheel-filename.ts";
import { type Row, unlessInvalid } from "./row.ts";

interface Filenames {
  readonly wheels: readonly FilenameRow[];
  readonly sdists: readonly FilenameRow[];
  readonly names: readonly NameRow[];
}
interface FilenameRow {
  readonly input: string;
  readonly valid: boolean;
}
interface NameRow {
  readonly input: string;
  readonly normalized: string;
  readonly valid: boolean;
  readonly is_normalized: boolean;
}

/** The set that a compressed tag stands for, sorted. */
function expand(tags: string): readonly string[] {
  const [pythons, abis, platforms] = tags.split("-").map((part) => part.split(".")) as [string[], string[], string[]];
  const all = pythons.flatMap((python) =>
    abis.flatMap((abi) => platforms.map((platform) => `${python}-${abi}-${platform}`)),
  );
  return [...new Set(all)].sort();
}

function wheelAnswer(input: string): unknown {
  const { name, version, build = null, tags } = parseWheelFilename(input);
  return { input, valid: true, name, version: parseVersion(version).normalized, build, tags: expand(tags) };
}

function sdistAnswer(input: string): unknown {
  const { name, version } = parseSdistFilename(input);
  return { input, valid: true, name, version: parseVersion(version).normalized };
}

export function* checkFilenames({ wheels, sdists, names }: Filenames): Iterable<Row> {
  for (const [rows, answer] of [[wheels, wheelAnswer] as const, [sdists, sdistAnswer] as const]) {
    for (const row of rows) {
      const expected = row.valid ? row : null;
      yield { subject: row.input, expected, answer: () => unlessInvalid(() => answer(row.input)) };
    }
  }
  for (const row of names) {
    const { input } = row;
    const answer = (): NameRow => ({
      input,
      normalized: normalizeName(input),
      valid: isPackageName(input),
      is_normalized: isNormalizedName(input),
    });
    yield { subject: input, expected: row, answer };
  }
}
