import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../error.ts";
import { isPylockFilename, parsePylock } from "./pylock.ts";
import { formatPylock } from "./pylock-format.ts";

const HASH = "a".repeat(64);
const CANONICAL = `lock-version = "1.0"
environments = ["sys_platform == \\"linux\\""]
requires-python = ">=3.9"
extras = ["x"]
dependency-groups = ["dev"]
default-groups = ["dev"]
created-by = "test"

[[packages]]
name = "a"
version = "1.0"
marker = "\\"x\\" in extras"
requires-python = ">=3.8"
dependencies = [
    { name = "b" },
]
index = "https://example.com/simple"
sdist = { name = "a-1.0.tar.gz", upload-time = 2025-01-25T11:30:10Z, url = "https://example.com/a-1.0.tar.gz", size = 10, hashes = { sha256 = "${HASH}" } }
wheels = [
    { name = "a-1.0-py3-none-any.whl", path = "w/a-1.0-py3-none-any.whl", hashes = { md5 = "0", sha256 = "${HASH}" } },
]
attestation-identities = [
    { kind = "GitHub", repository = "a/b" },
]
tool = { some = { n = 12345678901234567890 } }

[[packages]]
name = "b"
vcs = { type = "git", url = "https://example.com/b.git", requested-revision = "main", commit-id = "0", subdirectory = "s" }

[[packages]]
name = "c"
directory = { path = "../c", editable = true }

[[packages]]
name = "d"
version = "2"
archive = { url = "https://example.com/d.zip", size = 3, hashes = { sha256 = "${HASH}" } }

[tool]
pybun = { origin = "x" }
`;

test("a lock in canonical form is written as it was read", () => {
  assert.is(formatPylock(parsePylock(CANONICAL)), CANONICAL);
});

test("who made a lock is written even when it is nobody, since a lock has to say so", () => {
  const anonymous = CANONICAL.replace('"test"', '""');
  assert.is(formatPylock(parsePylock(anonymous)), anonymous);
});

test("sizes, times, places and kinds are read", () => {
  const [a, , c] = parsePylock(CANONICAL).packages;
  assert.ok(a?.source.kind === "files" && a.source.sdist);
  assert.is(a.source.sdist.uploadedAtMs, Date.UTC(2025, 0, 25, 11, 30, 10));
  assert.is(a.source.sdist.sizeBytes, 10);
  assert.equal(c?.source, { kind: "directory", path: "../c", isEditable: true });
});

const HEAD = 'lock-version = "1.0"\ncreated-by = "x"\n';
const file = (more: string): string =>
  `${HEAD}[[packages]]\nname = "a"\nversion = "1"\nwheels = [{ ${more} hashes = { sha256 = "0" } }]`;
const REFUSED: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ["a lock without packages", HEAD, /`packages` is missing, so this is no whole lock/],
  [
    "another major version",
    'lock-version = "2.0"\ncreated-by = "x"\npackages = []',
    /version 2\.0, of which only 1 is known/,
  ],
  ["what is no TOML", "lock-version = ", /line 1 is not TOML/],
  [
    "a size with a fraction",
    file('url = "https://e.x/a-1-py3-none-any.whl", size = 1.0,'),
    /`packages\[0\]\.wheels\[0\]\.size` is a number with a fraction/,
  ],
  ["a file without a place", file(""), /`packages\[0\]\.wheels\[0\]` has neither a `path` nor a `url`/],
  [
    "a file of another package",
    file('url = "https://e.x/b-1-py3-none-any.whl",'),
    /is a file of `b` in an entry of `a`/,
  ],
  ["a file of another version", file('path = "w\\\\a-2-py3-none-any.whl",'), /is a file of a 2 in an entry of a 1/],
  [
    "a date without a time",
    file('url = "https://e.x/a-1-py3-none-any.whl", upload-time = 2025-01-01,'),
    /upload-time` is a date, not a date with a time/,
  ],
];
for (const [what, text, message] of REFUSED)
  test(`refused: ${what}`, () => {
    try {
      parsePylock(text);
    } catch (error) {
      assert.instance(error, InvalidSyntax);
      return assert.match((error as Error).message, message);
    }
    assert.unreachable();
  });

const FILENAMES: readonly (readonly [place: string, filename: string])[] = [
  ['name = "a-1-py3-none-any.whl", path = "other.bin",', "a-1-py3-none-any.whl"],
  ['url = "https://e.x/f/a-1%2Blocal-py3-none-any.whl?x=1#y",', "a-1+local-py3-none-any.whl"],
];
for (const [place, filename] of FILENAMES)
  test(`the file of ${place} is called ${filename}`, () => {
    const { source } = parsePylock(file(place).replace('version = "1"\n', "")).packages[0]!;
    assert.is(source.kind === "files" && source.wheels[0]?.filename, filename);
  });

test("names of lock files", () => {
  assert.ok(isPylockFilename("pylock.toml") && isPylockFilename("pylock.dev.toml"));
  assert.not(isPylockFilename("pylock.a.b.toml") || isPylockFilename("my.pylock.toml"));
});

test.run();
