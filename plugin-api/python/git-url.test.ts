import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../error.ts";
import { formatGitUrl, type GitUrl, isCommit, isGitUrl, parseGitUrl } from "./git-url.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const UNDERSTOOD: Readonly<Record<string, GitUrl>> = {
  "git+https://h.example/me/demo": { url: "https://h.example/me/demo" },
  "git+https://h.example/me/demo.git@v1.0": { url: "https://h.example/me/demo.git", reference: "v1.0" },
  [`git+https://h.example/demo@${SHA}`]: { url: "https://h.example/demo", reference: SHA },
  "git+https://h.example/demo@side/track": { url: "https://h.example/demo", reference: "side/track" },
  "git+https://h.example/demo@a%40b%2Fc%23d": { url: "https://h.example/demo", reference: "a@b/c#d" },
  "git+https://me:pw@h.example/demo?x=1#subdirectory=py%20x/&egg=demo": {
    url: "https://me:pw@h.example/demo?x=1",
    subdirectory: "py x",
  },
  "git+https://h.example/demo@main?x=1#lfs=true": {
    url: "https://h.example/demo?x=1",
    reference: "main",
    isLfs: true,
  },
  "git+ssh://git@h.example:2222/demo": { url: "ssh://git@h.example:2222/demo" },
  "git+file:///srv/demo@main": { url: "file:///srv/demo", reference: "main" },
  "git+git://h.example/demo": { url: "git://h.example/demo" },
  "GIT+HTTPS://H.Example/Demo": { url: "https://h.example/Demo" },
};
for (const [written, expected] of Object.entries(UNDERSTOOD))
  test(`${written} is understood`, () => {
    assert.ok(isGitUrl(written));
    assert.equal(parseGitUrl(written), expected);
    assert.equal(parseGitUrl(formatGitUrl(expected)), expected, "and written back");
  });

const REFUSED: Readonly<Record<string, RegExp>> = {
  "git+https://h.example": /names no repository/,
  "git+https://h.example/demo@": /names no revision/,
  "git+https://h.example/demo@-x": /revision that is none: "-x"/,
  "git+https://h.example/demo@a..b": /revision that is none/,
  "git+https://h.example/demo@HEAD~1": /revision that is none/,
  "git+https://h.example/demo@a%0Ab": /revision that is none: "a\\nb"/,
  "git+https://h.example/demo@%": /percent sign/,
  "git+https://h.example/demo#subdirectory=../x": /outside of the repository/,
  "git+https://h.example/demo#subdirectory=/x": /outside of the repository/,
  "git+https://h.example/demo#subdirectory=a%5C..%5Cb": /outside of the repository/,
  "git+ssh://-oProxyCommand=x/demo": /names no host/,
  "git+ssh://-oProxyCommand=x@h.example/demo": /names no host/,
  "git+ssh://git@h.example:me/demo": /`git\+ssh:\/\/git@h\.example\/me\/demo`/,
  "git+ssh://git:pw@h.example:me/demo": /`git\+ssh:\/\/git@h\.example\/me\/demo`/,
  "git+git@h.example:me/demo.git": /`git\+ssh:\/\/git@h\.example\/me\/demo\.git`/,
  "git+file:demo": /relative path|no repository|no URL/,
  "git+file://demo/x": /relative path/,
  "git+demo": /no URL of a repository/,
  "git+ext::sh -c x": /no URL of a repository/,
  "git+ext://sh/x": /scheme `ext`/,
  "git+": /no URL of a repository/,
};
for (const [written, words] of Object.entries(REFUSED))
  test(`${written} is refused`, () =>
    assert.throws(
      () => parseGitUrl(written),
      (error: unknown) => error instanceof InvalidSyntax && words.test(error.message),
    ));

test("whatever is understood reads the same when written back, and begins no option", () => {
  const part = fc.stringMatching(/^[\w@.%~^:-]{1,8}$/);
  const url = fc.tuple(fc.constantFrom("https", "ssh", "file", "git"), part, fc.array(part, { maxLength: 3 }));
  const revision = fc.option(fc.array(part, { minLength: 1, maxLength: 2 }), { nil: undefined });
  fc.assert(
    fc.property(url, revision, ([scheme, host, parts], names) => {
      const base = scheme === "file" ? "file://" : `${scheme}://${host}`;
      const written = `git+${base}/${parts.join("/")}${names === undefined ? "" : `@${names.join("/")}`}`;
      let read: GitUrl;
      try {
        read = parseGitUrl(written);
      } catch (error) {
        assert.instance(error, InvalidSyntax);
        return;
      }
      assert.equal(parseGitUrl(formatGitUrl(read)), read);
      assert.not.match(read.reference ?? "", /^-|\s/);
      assert.match(read.url, /^[a-z]+:\/\/(?!-)/);
    }),
  );
});

test("only the whole name of a commit is one", () => {
  assert.equal([SHA, SHA.toUpperCase(), SHA + SHA.slice(16), SHA.slice(1), "main"].map(isCommit), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

test.run();
