import fs from "node:fs";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { ordinaryPage } from "../../plugin-api/page/ordinary-page.ts";
import { compileReader, hasCompiler, READER } from "../../test/harness/page-reader.ts";
import { type PageOrder, pageRecord } from "./page-record.ts";

const test = suite("ordinary pages");

const NAME = "snake-oil" as PackageName;
const CONTENT_TYPE = "application/vnd.pypi.simple.v1+json";
const order = (body: string | Uint8Array): PageOrder => ({
  name: NAME,
  index: "company",
  url: "https://index.example/root/simple/snake-oil/",
  contentType: CONTENT_TYPE,
  body: typeof body === "string" ? Buffer.from(body) : body,
});
const slow = (page: PageOrder): Uint8Array | undefined => {
  const record = pageRecord(page);
  return "value" in record ? Buffer.from(record.value) : undefined;
};
const quick = (page: PageOrder): Uint8Array | undefined => {
  const record = ordinaryPage(page);
  return record && Buffer.from(record);
};
const page = (files: readonly unknown[], more: object = {}): string =>
  JSON.stringify({ meta: { "api-version": "1.1" }, name: NAME, files, ...more });

const DIGEST = "0123456789abcdefABCDEF0123456789".repeat(2);
/** What pages say, and now and then what few of them say, or none. */
const mostly = <T>(usual: fc.Arbitrary<T>, ...odd: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 14, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(...odd) });
const text = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<string> => arbitrary.map(String);

const LARGE = ["0", "00", "007", "127", "128", "20260131", "9".repeat(17)];
const number = text(mostly(fc.oneof(fc.nat(12), fc.nat(300)), ...LARGE));
const release = fc.array(number, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."));
const separator = fc.constantFrom("", "", ".", "-", "_");
const WORDS = "a b rc c alpha beta pre preview post rev r dev RC Dev".split(" ");
const word = text(mostly(fc.constantFrom(...WORDS), "final", "x", "q1"));
const phase = fc.tuple(separator, word, separator, fc.oneof(number, fc.constant(""))).map((parts) => parts.join(""));
const TAILS = ["-1", "+local.1", "+fix_2a", "+1-2", "+", "+UPPER", "!1", ".", "*", "-x", " "];
const tails = fc.array(text(mostly(phase, ...TAILS)), { minLength: 1, maxLength: 3 });
const version = text(
  mostly(
    fc.oneof(
      release,
      release,
      fc.tuple(release, tails).map(([a, b]) => a + b.join("")),
    ),
    "",
    "v1.0",
    "1!2.0",
    "2004d",
    "1..0",
    "1.0-final0",
    "x",
    "1.0.",
    "1.0+x.01.2",
  ),
);
const spelling = text(mostly(fc.constant("snake_oil"), "Snake.Oil", "snake-oil", "snake__oil", "snake", "snake_oil_"));
const MANY_TAGS = "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64";
const ODD_TAGS = ["cp39-none", "3py-none-any", "py3-none-any-more", "py3..py2-none-any", "py3-none-", "py3-nöne-any"];
const tags = text(
  mostly(fc.constantFrom("py3-none-any", "py2.py3-none-any", "CP39-None-Win_AMD64", MANY_TAGS), ...ODD_TAGS),
);
const build = text(mostly(fc.constant(""), "-1", "-2", "-10", "-2a", "-0", "-0_py38h", "-12345678901", "-x"));
const ending = text(
  mostly(fc.constantFrom(".tar.gz", ".zip"), ".tar.bz2", ".tgz", ".egg", ".exe", ".tar", ".TAR.GZ", ""),
);
const ODD_NAMES = ["", ".whl", "a/b.whl", "..", "snake_oil.tar.gz", `snake_oil-${"1".repeat(260)}.zip`, 5, null];
const filename = mostly(
  fc.oneof(
    fc.tuple(spelling, version, build, tags).map(([n, v, b, t]) => `${n}-${v}${b}-${t}.whl`),
    fc.tuple(spelling, version, ending).map(([n, v, e]) => `${n}-${v}${e}`),
  ),
  ...ODD_NAMES,
);
const PLACES = [
  "../../files/ab/",
  "../../../x/",
  "/packages/cd/",
  "https://files.example/ab/cd/",
  "http://127.0.0.1:80/",
];
const ODD_PLACES = [
  "../../files/%2e%2e/",
  "../../../../../x/",
  "../../a//b/",
  "/./",
  "//other.example/",
  "https://Files.example/",
  "x/",
  "https://10.0.0.1/",
  "file:///x/",
  "https://user:pass@files.example/",
  "ftp://files.example/",
  "../.x/",
  "../",
  "https://169.254.169.254/",
  "../../files/ab/?q=/",
  "https://files.example",
  "",
];
const place = text(mostly(fc.constantFrom(...PLACES), ...ODD_PLACES));
const url = (name: string): fc.Arbitrary<unknown> =>
  mostly(
    fc
      .tuple(place, text(mostly(fc.constant(encodeURIComponent(name)), "x", name, "", "a#sha256=b")))
      .map((parts) => parts.join("")),
    null,
    5,
  );
const digest = mostly(fc.stringMatching(/^[0-9a-f]{64}$/), DIGEST, "abc", 5, null);
const HASHES = [{}, { md5: "x" }, { md5: [1, { a: -1.5e-3 }], sha256: DIGEST }, null, "x"];
const hashes = mostly(
  digest.map((sha256) => ({ sha256 })),
  ...HASHES,
);
const said = mostly(fc.oneof(fc.boolean(), fc.constant(null), hashes), 0, "x", []);
const TIMES = [
  "2024-02-29T00:00:00Z",
  "2023-02-29T00:00:00Z",
  "2023-02-30T00:00:00Z",
  "2024-13-01T00:00:00Z",
  "2024-01-01",
  "2024-01-01T24:00:00Z",
  "2024-01-01T00:00:60Z",
  "2024-01-01T00:00:00+02:00",
  "2024-01-01T00:00:00.Z",
  "yesterday",
];
const seconds = fc.nat(4_000_000_000).map((s) => new Date(s * 1000).toISOString().slice(0, 19));
const fraction = fc.oneof(
  fc.nat(999_999).map((us) => `.${String(us).padStart(6, "0")}`),
  fc.nat(999).map((ms) => `.${ms}`),
);
const time = mostly(
  fc.tuple(seconds, fc.oneof(fraction, fc.constant(""))).map(([s, f]) => `${s}${f}Z`),
  null,
  5,
  ...TIMES,
);
const yanked = mostly(
  fc.constantFrom<unknown>(false, true, "", "broken", 'says "no" \\ \n\t/'),
  "süß",
  "\u0001",
  null,
  0,
);
const size = mostly(fc.nat(), 0, -1, 2 ** 45 + 5, 2 ** 46, 2 ** 53, 1.5, 1e300, "5", null);
const python = mostly(fc.constantFrom<unknown>(">=3.9", " >=3.8 ", "", "  ", ">=3.9,<4", null), '>="3"', 3);
const file = filename.chain((name) =>
  fc.record(
    {
      filename: fc.constant(name),
      url: url(String(name)),
      hashes,
      size,
      yanked,
      "requires-python": python,
      "upload-time": time,
      "core-metadata": said,
      "dist-info-metadata": said,
      "data-dist-info-metadata": said,
      provenance: mostly(fc.constant(null), { a: [1, -2.5e3, "ü", "\n"] }, ["x", {}, []]),
    },
    { requiredKeys: ["filename", "url"] },
  ),
);
const about = mostly(
  fc.constant({}),
  { "project-status": { status: "archived", reason: "x" } },
  { "project-status": { status: "quarantined" } },
  { versions: ["1.0"], meta: {} },
  { meta: { "api-version": "2.0" } },
  { meta: 1 },
  { files: {} },
  { files: [1] },
) as fc.Arbitrary<object>;

const same = (body: string | Uint8Array): boolean => {
  const got = quick(order(body));
  if (got !== undefined) assert.equal(got, slow(order(body)));
  return got !== undefined;
};

test("one file, whatever it says: the same record, or none", () => {
  let taken = 0;
  fc.assert(
    fc.property(file, about, (one, more) => void (taken += Number(same(page([one], more))))),
    { numRuns: 3000 },
  );
  assert.ok(taken > 300, `${taken} were ordinary`);
});

test("many files: the same record, or none", () => {
  const builds = fc.constantFrom("", "", "-1", "-2", "-10", "-2a", "-0");
  const ends = fc.constantFrom("", "rc1", ".post2", ".dev3", "+x.1");
  const plain = fc.tuple(
    release,
    ends,
    builds,
    fc.constantFrom("py3-none-any", "cp312-cp312-win32", MANY_TAGS),
    fc.nat(3),
  );
  const files = fc.array(plain, { maxLength: 40 }).map((all) =>
    all.map(([v, end, b, t, kind]) => {
      const names = [`snake_oil-${v}${end}.tar.gz`, `snake-oil-${v}${end}.zip`];
      const filename = names[kind] ?? `snake_oil-${v}${end}${b}-${t}.whl`;
      const requires = [null, ">=3.9", ">=3.10"][kind] ?? null;
      const url = `../../files/${kind}/${encodeURIComponent(filename)}`;
      return { filename, url, hashes: { sha256: DIGEST }, "requires-python": requires };
    }),
  );
  let taken = 0;
  fc.assert(
    fc.property(files, (all) => void (taken += Number(same(page(all))))),
    { numRuns: 600 },
  );
  assert.ok(taken > 300, `${taken} were ordinary`);
});

test("what is cut off or changed in a place: the same record, or none", () => {
  const wheel = {
    filename: "snake_oil-1.0-py3-none-any.whl",
    url: "../../f/snake_oil-1.0-py3-none-any.whl",
    hashes: { sha256: DIGEST },
    size: 12,
    yanked: 'a "b"',
    "upload-time": "2026-01-31T12:00:00.123456Z",
    "core-metadata": { sha256: DIGEST },
  };
  const whole = Buffer.from(page([wheel]));
  assert.ok(same(whole));
  for (let end = 0; end < whole.length; end++) assert.not(same(whole.subarray(0, end)));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const other = Buffer.from(whole);
      other[at] = byte;
      same(other);
    }),
    { numRuns: 3000 },
  );
  for (const behind of [" \n", "x", "{}", "\0"]) same(Buffer.concat([whole, Buffer.from(behind)]));
});

test("a page in another form is left to others", () => {
  assert.is(ordinaryPage({ ...order(page([])), contentType: "text/html" }), undefined);
  assert.is(ordinaryPage({ ...order(page([])), url: "file:///srv/simple/snake-oil/" }), undefined);
  assert.is(ordinaryPage({ ...order(page([])), index: "Größe" }), undefined);
  assert.equal(quick(order(page([]))), slow(order(page([]))));
});

test("the reader is that of its source", () => {
  if (hasCompiler()) assert.is(fs.readFileSync(READER, "utf8"), compileReader());
});

test.run();
