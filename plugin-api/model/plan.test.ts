import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Destination, Environment, Installed } from "./environment.ts";
import { planFor } from "./plan.ts";
import type { Pin, Resolution } from "./resolution.ts";

const interpreter = { basePath: "/python", identity: "i" };
const destination = { root: "/env", interpreter, isExact: true } as unknown as Destination;
const installed = (name: string, version: string, wheelSha256?: string) =>
  ({ name, version, wheelSha256 }) as unknown as Installed;
const environment = (...all: readonly Installed[]) => ({ interpreter, installed: all }) as unknown as Environment;
const pin = (name: string, version: string, more: object = {}) =>
  ({
    name,
    version,
    source: { kind: "index", index: "i" },
    file: { kind: "wheel", url: "u" },
    ...more,
  }) as unknown as Pin;
const resolution = (...pins: readonly Pin[]) => ({ pins }) as unknown as Resolution;
const url = { source: { kind: "url", url: "u" } };

/** `+name` installed, `=name` kept, `-name` removed. */
function plan(pins: readonly Pin[], there: Environment | undefined, to: Destination = destination): string {
  const { install, keep, remove } = planFor(resolution(...pins), there, to);
  const signed = (sign: string, all: readonly { readonly name: string }[]) => all.map(({ name }) => sign + name);
  return [...signed("+", install), ...signed("=", keep), ...signed("-", remove)].join(" ");
}

const CASES: readonly (readonly [string, readonly Pin[], Environment | undefined, Destination, string])[] = [
  ["all of it where there is nothing", [pin("a", "1")], undefined, destination, "+a"],
  [
    "what differs where there is something",
    [pin("a", "1"), pin("b", "2")],
    environment(installed("a", "1"), installed("b", "1"), installed("c", "1")),
    destination,
    "+b =a -b -c",
  ],
  [
    "what nobody asked for stays unless exact",
    [pin("a", "1")],
    environment(installed("c", "1")),
    { ...destination, isExact: false },
    "+a =c",
  ],
  ["versions are compared as versions", [pin("a", "1.0")], environment(installed("a", "1")), destination, "=a"],
  [
    "a wheel by URL is known by its content",
    [pin("a", "1", { ...url, file: { kind: "wheel", sha256: "x" } })],
    environment(installed("a", "1", "x")),
    destination,
    "=a",
  ],
  [
    "and installed anew when that is another one",
    [pin("a", "1", { ...url, file: { kind: "wheel", sha256: "y" } })],
    environment(installed("a", "1", "x")),
    destination,
    "+a -a",
  ],
  [
    "a source tree always is",
    [pin("a", "1", { ...url, file: { kind: "sdist" } })],
    environment(installed("a", "1", "x")),
    destination,
    "+a -a",
  ],
  [
    "nothing of another interpreter is kept",
    [pin("a", "1")],
    environment(installed("a", "1")),
    { ...destination, interpreter: { ...destination.interpreter, basePath: "/other" } },
    "+a",
  ],
  [
    "nor of what is to be rebuilt",
    [pin("a", "1")],
    environment(installed("a", "1")),
    { ...destination, isRebuilt: true },
    "+a",
  ],
];
const commit = { kind: "git", url: "https://h.example/a", commit: "1".repeat(40) };
const cloned = (commitId: string) => ({
  ...installed("a", "1", "x"),
  directUrl: JSON.stringify({ url: commit.url, vcs_info: { vcs: "git", commit_id: commitId } }),
});
const ofCommit = pin("a", "1", { source: commit, file: { kind: "sdist" } });
const COMMITS: typeof CASES = [
  ["a commit is known by its name", [ofCommit], environment(cloned(commit.commit)), destination, "=a"],
  ["another commit is another content", [ofCommit], environment(cloned("2".repeat(40))), destination, "+a -a"],
  [
    "the same version from an index is no commit",
    [ofCommit],
    environment(installed("a", "1", "x")),
    destination,
    "+a -a",
  ],
];
for (const [what, pins, there, to, expected] of [...CASES, ...COMMITS])
  test(`plan: ${what}`, () => assert.is(plan(pins, there, to), expected));

test("equal plans have equal digests, others have not", () => {
  const digest = (...pins: readonly Pin[]) => planFor(resolution(...pins), undefined, destination).digest;
  assert.is(digest(pin("a", "1")), digest(pin("a", "1")));
  assert.is.not(digest(pin("a", "1")), digest(pin("a", "2")));
});

test.run();
