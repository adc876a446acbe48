import * as fc from "fast-check";

// Random texts of the packaging standards' grammars, for property tests.

const digits = fc.oneof(
  { weight: 6, arbitrary: fc.nat(12).map(String) },
  { weight: 2, arbitrary: fc.nat(100_000).map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String) },
  { weight: 1, arbitrary: fc.nat(20).map((n) => `00${n}`) },
);

const optional = (part: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(""), fc.constant(""), part);

const separator = fc.constantFrom("", ".", "-", "_");
const join = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(""));

const release = fc.array(digits, { minLength: 1, maxLength: 5 }).map((numbers) => numbers.join("."));
const suffix = (words: readonly string[]): fc.Arbitrary<string> =>
  join(separator, fc.constantFrom(...words), separator, optional(digits));
const label = fc.stringMatching(/^[a-z0-9]{1,4}$/);
const local = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `+${labels.join(".")}`);
const pre = suffix(["a", "b", "c", "rc", "alpha", "Beta", "preview", "PRE"]);
const post = fc.oneof(suffix(["post", "rev", "R"]), join(fc.constant("-"), digits));
const dev = suffix(["dev", "DEV"]);
const epoch = optional(join(fc.nat(2).map(String), fc.constant("!")));

const publicVersion = join(epoch, release, optional(pre), optional(post), optional(dev));

/** A version in any spelling. */
export const versionText = join(optional(fc.constant("v")), publicVersion, optional(local));

/** A version near a few others, so that comparisons often meet equal or neighbouring ones. */
export const nearVersionText = join(
  fc.constantFrom("", "1!"),
  fc.constantFrom("0", "1", "1.0", "1.0.0", "1.1", "1.10", "2"),
  fc.constantFrom("", "a0", "a1", "rc1"),
  fc.constantFrom("", ".post0", ".post1"),
  fc.constantFrom("", ".dev0", ".dev1"),
  fc.constantFrom("", "+x", "+1", "+x.1"),
);

const nearPublic = nearVersionText.map((text) => text.split("+")[0]!);
const clause = fc.oneof(
  join(fc.constantFrom(">=", "<=", ">", "<", "==", "!="), nearPublic),
  join(fc.constantFrom("==", "!="), nearVersionText),
  join(fc.constantFrom("==", "!="), fc.constantFrom("1.*", "1.0.*", "0.*", "1!1.*", "2.0.0.*")),
  join(fc.constant("~="), fc.constantFrom("1.0", "1.0.1", "1.1rc1", "1!1.0", "0.0.post1", "1.0.dev1")),
);

/** A list of version clauses. */
export const specifierText = fc.array(clause, { maxLength: 4 }).map((clauses) => clauses.join(","));

const quoted = (words: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom("'", '"'), fc.constantFrom(...words)).map(([quote, word]) => quote + word + quote);
const comparison = fc.oneof(
  join(
    fc.constantFrom("python_version", "python_full_version", "implementation_version"),
    fc.constantFrom("<", " >= ", "==", " !=", "~= ", " in ", " not in "),
    quoted(["3.9", "3.12", "3.12.1", "3.13.0rc1"]),
  ),
  join(
    quoted(["linux", "win32", ""]),
    fc.constantFrom("==", " != ", " in ", " not in ", "<="),
    fc.constantFrom("sys_platform", "os.name", "platform_machine"),
  ),
  join(fc.constantFrom("extra == ", "extra != ", "extra in "), quoted(["Test", "dev.x", "", "docs"])),
  join(quoted(["test", "docs"]), fc.constantFrom(" == ", "!=", " in "), fc.constant("extra")),
  fc.constantFrom("sys_platform ~= 'linux'", "extra ~= 'x'"),
);

/** An environment marker; some mention `extra`, a few hold a comparison without meaning. */
export const markerText: fc.Arbitrary<string> = fc.letrec<{ marker: string }>((tie) => ({
  marker: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: comparison },
    { weight: 2, arbitrary: join(tie("marker"), fc.constantFrom(" and ", " or "), tie("marker")) },
    { weight: 2, arbitrary: tie("marker").map((marker) => `(${marker})`) },
  ),
})).marker;

/** A package or extra name in any spelling. */
export const nameText = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,6}[A-Za-z0-9])?$/);

const extras = fc
  .array(nameText, { maxLength: 3 })
  .map((names) => (names.length === 0 ? "" : `[${names.join(" , ")}]`));
const wanted = fc.oneof(
  specifierText,
  specifierText.map((text) => ` ( ${text} ) `),
  fc.constant(" @ https://example.org/a.zip "),
);

/** A dependency specifier. */
export const requirementText = fc
  .tuple(nameText, extras, wanted, fc.option(markerText))
  .map(([name, list, want, marker]) => name + list + want + (marker === null ? "" : `;${marker}`));

/** Enough to find what is wrong, quick enough for every run; the seed is printed on failure. */
export const runs = { numRuns: 100 };
