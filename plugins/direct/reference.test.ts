import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { parseReference } from "./reference.ts";

const SHA = "ab".repeat(32);
const parse = (url: string) => parseReference("demo", url, "/srv");

const LOCAL = { url: "file:///a%20b/demo-1.0.zip", path: "/a b/demo-1.0.zip", filename: "demo-1.0.zip" };

const UNDERSTOOD: Readonly<Record<string, object>> = {
  "https://h.example/p/demo-1.0-py3-none-any.whl": {
    url: "https://h.example/p/demo-1.0-py3-none-any.whl",
    filename: "demo-1.0-py3-none-any.whl",
  },
  [`http://h.example/demo%2B-1.0.tar.gz?x=1#egg=demo&sha256=${SHA.toUpperCase()}&subdirectory=sub/dir/`]: {
    url: "http://h.example/demo%2B-1.0.tar.gz?x=1",
    filename: "demo+-1.0.tar.gz",
    subdirectory: "sub/dir",
    digest: { algorithm: "sha256", hex: SHA },
  },
  [`https://h.example/main.zip#md5=${"0".repeat(32)}`]: {
    url: "https://h.example/main.zip",
    filename: "main.zip",
    digest: { algorithm: "md5", hex: "0".repeat(32) },
  },
  [`https://h.example/x.zip#md5=${"0".repeat(32)}&sha256=${SHA}&sha1=${"1".repeat(40)}`]: {
    url: "https://h.example/x.zip",
    filename: "x.zip",
    digest: { algorithm: "sha256", hex: SHA },
  },
  "https://me:secret@h.example/x.zip": { url: "https://me:secret@h.example/x.zip", filename: "x.zip" },
  "file:///a%20b/demo-1.0.zip": LOCAL,
  "file://localhost/a%20b/demo-1.0.zip": LOCAL,
  "file:/a%20b/demo-1.0.zip": LOCAL,
  "/a b/demo-1.0.zip": LOCAL,
  "file:///src/demo#subdirectory=py": {
    url: "file:///src/demo",
    path: "/src/demo",
    filename: "demo",
    subdirectory: "py",
  },
  "file:///src/demo#editable=true": { url: "file:///src/demo", path: "/src/demo", filename: "demo", isEditable: true },
};
for (const [written, expected] of Object.entries(UNDERSTOOD))
  test(`${written} is understood`, () => {
    const { text: shown, ...reference } = parse(written);
    assert.equal(reference, expected);
    assert.not.match(shown, "secret");
  });

const REFUSED: Readonly<Record<string, RegExp>> = {
  "file:./demo-1.0.zip": /`demo @ file:\.\/demo-1\.0\.zip` names a relative path/,
  "file:demo-1.0.zip": /relative path/,
  "file://wheels/demo-1.0.zip": /relative path/,
  "../demo-1.0.zip": /relative path/,
  "file:///a%2Fb.zip": /is no URL of a file/,
  "ssh://h.example/x.whl": /unknown scheme `ssh`/,
  "hg+https://h.example/x": /names a `hg` repository/,
  "https://h.example/page.html": /neither a wheel nor a source archive/,
  "https://h.example/": /neither a wheel nor a source archive/,
  "https://h.example/..%2F..%2Fx.whl": /neither a wheel nor a source archive/,
  "https://169.254.169.254/x.whl": /link-local address/,
  "https://[bad/x.whl": /is no URL/,
  "https://h.example/x.zip#sha256=abc": /has a `sha256` that is none/,
  "https://h.example/x.zip#subdirectory=../up": /a subdirectory outside of it: `\.\.\/up`/,
  "file:///x.zip#subdirectory=%2Fetc": /outside of it/,
};
for (const [written, message] of Object.entries(REFUSED))
  test(`${written} is refused`, () => {
    assert.throws(
      () => parse(written),
      (error: unknown) =>
        error instanceof PybunError && error.code === "E_DIRECT_REFERENCE" && message.test(error.message),
    );
  });

test("a relative path comes with the absolute one to write instead", () => {
  for (const written of ["file:./demo-1.0.zip", "./demo-1.0.zip", "file://demo-1.0.zip"])
    try {
      parse(written);
      assert.unreachable();
    } catch (error) {
      assert.equal((error as PybunError).detail.hints, ["write the whole path: `demo @ file:///srv/demo-1.0.zip`"]);
    }
});

test("a version behind the at sign comes with the way to ask for one", () => {
  for (const [written, wanted] of [
    ["1.0", "demo==1.0"],
    ["^2", "demo>=2"],
    ["~1.2", "demo>=1.2"],
    ["latest", "demo"],
  ] as const)
    try {
      parse(written);
      assert.unreachable();
    } catch (error) {
      assert.equal((error as PybunError).detail.hints, [`ask for a version without \`@\`: \`${wanted}\``]);
    }
});

test.run();
