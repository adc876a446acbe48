import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeCertificates } from "../harness/certificate.ts";
import { type IndexData, type IndexServer, startIndex } from "../harness/index-server.ts";
import { inPlace, type Place, type Result, type RunOptions } from "../harness/project.ts";
import type { Release } from "../harness/release.ts";
import { makeWheel } from "../harness/wheel.ts";

// Where packages come from: flags and variables, one section each.

const VERSION = "import a; print(a.version)";
const take = (place: Place, flags: readonly string[], options: RunOptions = {}): Promise<Result> =>
  place.run(["run", ...flags, "--with", "a", "-c", VERSION], options);

/** A body with a place of its own and running indexes, which are stopped afterwards. */
const withIndexes =
  (data: readonly IndexData[], body: (place: Place, indexes: readonly [IndexServer, IndexServer]) => Promise<void>) =>
  async (): Promise<void> => {
    const indexes = (await Promise.all(data.map((each) => startIndex(each)))) as [IndexServer, IndexServer];
    try {
      await inPlace((place) => body(place, indexes))();
    } finally {
      await Promise.all(indexes.map((index) => index.stop()));
    }
  };
const a = (version: string, more: Partial<Release> = {}): IndexData => ({
  packages: [{ name: "a", version, ...more }],
});

// --index, --extra-index, --index-strategy

test(
  "--index takes the place of the configured one",
  withIndexes([a("1.0")], async (place, [index]) => {
    assert.is((await take(place, ["--index", index.url])).stdout, "1.0\n");
  }),
);

test(
  "--extra-index goes first, and what it has is never asked of the other, which may have a higher version",
  withIndexes([a("1.0"), a("99.0")], async (place, [own, other]) => {
    const flags = ["--index", other.url, "--extra-index", own.url];
    const { stdout, stderr } = await take(place, flags);
    assert.equal([stdout, stderr], ["1.0\n", ""]);
    assert.is(other.requests.length, 0);
  }),
);

test(
  "--index-strategy=unsafe-best-match takes the higher version, and warns that two indexes have the name",
  withIndexes([a("1.0"), a("99.0")], async (place, [own, other]) => {
    const flags = ["--index-strategy=unsafe-best-match", "--index", other.url, "--extra-index", own.url];
    const { stdout, stderr } = await take(place, flags);
    assert.is(stdout, "99.0\n");
    assert.match(stderr, "W_INDEX_CONFUSION");
  }),
);

test(
  "indexes of a project come from its file, by name",
  withIndexes([a("1.0")], async (place, [index]) => {
    place.write({
      "pyproject.toml": `[project]\nname = "p"\nversion = "1"\n[[tool.pybun.index]]\nname = "corp"\nurl = "${index.url}"\n`,
    });
    assert.is((await take(place, [])).stdout, "1.0\n");
  }),
);

test(
  "variables of uv and pip name an index where ours don't",
  withIndexes([a("1.0")], async (place, [index]) => {
    for (const name of ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "UV_INDEX", "PIP_EXTRA_INDEX_URL"]) {
      const { stdout, stderr } = await take(place, [], { env: { PYBUN_INDEX_URL: undefined, [name]: index.url } });
      assert.equal([stdout, stderr], ["1.0\n", ""], name);
    }
  }),
);

// --find-links, --no-index

test(
  "--find-links has candidates beside the index, and --no-index leaves them alone",
  withIndexes([a("1.0")], async (place, [index]) => {
    const { filename, bytes } = makeWheel({ name: "a", version: "2.0" });
    fs.mkdirSync(path.join(place.cwd, "wheels"));
    fs.writeFileSync(path.join(place.cwd, "wheels", filename), bytes);
    assert.is((await take(place, ["--index", index.url, "--find-links", "wheels"])).stdout, "2.0\n");
    index.forget();
    assert.is((await take(place, ["--no-index", "--find-links", "wheels"])).stdout, "2.0\n");
    assert.is(index.requests.length, 0);
    const none = await take(place, ["--no-index"]);
    assert.is(none.exitCode, 4);
  }),
);

// credentials

const LOGIN = { username: "me", password: "p@ss word" };

test(
  "an index that wants credentials takes them from its address and from .netrc, and without them ends with 5",
  withIndexes([{ ...a("1.0"), login: LOGIN }], async (place, [index]) => {
    const without = await take(place, ["--index", index.url]);
    assert.is(without.exitCode, 5);
    assert.match(without.stderr, "error[E_AUTH]");
    const address = index.url.replace("//", `//${LOGIN.username}:${encodeURIComponent(LOGIN.password)}@`);
    const { stdout, stderr } = await take(place, ["--index", address]);
    assert.equal([stdout, stderr], ["1.0\n", ""]);
    const netrc = `machine 127.0.0.1 login me password "p@ss word"\n`;
    fs.writeFileSync(path.join(place.home, ".netrc"), netrc, { mode: 0o600 });
    const other = await take(place, ["--index", index.url, "--cache-dir", path.join(place.root, "fresh")]);
    assert.equal([other.stdout, other.stderr], ["1.0\n", ""]);
  }),
);

test(
  "credentials are written nowhere",
  withIndexes([{ ...a("1.0"), login: { username: "me", password: "never-on-disk" } }], async (place, [index]) => {
    const address = index.url.replace("//", "//me:never-on-disk@");
    assert.is((await take(place, ["--index", address])).stdout, "1.0\n");
    for (const entry of fs.readdirSync(place.root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      assert.not.ok(fs.readFileSync(file).includes("never-on-disk"), file);
    }
  }),
);

// certificates

test("an authority of one's own is trusted when a variable names it, and nobody else is", async () => {
  const identity = makeCertificates();
  await withIndexes([{ ...a("1.0"), identity }], async (place, [index]) => {
    const authority = path.join(place.root, "authority.pem");
    fs.writeFileSync(authority, identity.authority);
    const { stdout, stderr } = await take(place, ["--index", index.url], { env: { SSL_CERT_FILE: authority } });
    assert.equal([stdout, stderr], ["1.0\n", ""]);
    const fresh = ["--index", index.url, "--cache-dir", path.join(place.root, "fresh")];
    const strange = await take(place, fresh, { env: { SSL_CERT_FILE: undefined } });
    assert.is(strange.exitCode, 5);
    assert.match(strange.stderr, /error\[E_NETWORK\].*certificate not trusted/);
    fs.writeFileSync(authority, "nothing");
    const empty = await take(place, fresh, { env: { SSL_CERT_FILE: authority } });
    assert.ok(empty.exitCode !== 0 && empty.exitCode !== 70, empty.stderr);
  })();
});

// --offline, --refresh

test(
  "--refresh sees what was published a moment ago; without it the page is fresh for its time",
  withIndexes([a("1.0")], async (place, [index]) => {
    const flags = ["--index", index.url];
    assert.is((await take(place, flags)).stdout, "1.0\n");
    index.add({ name: "a", version: "2.0" });
    assert.is((await place.run(["run", ...flags, "--with", "a>=1", "-c", VERSION])).stdout, "1.0\n");
    assert.is((await place.run(["run", ...flags, "--refresh", "--with", "a>=1", "-c", VERSION])).stdout, "2.0\n");
  }),
);

// --resolution, --prerelease, --exclude-newer, --no-build, --no-binary

const MANY: IndexData = {
  packages: [
    { name: "a", version: "1.0", uploaded: "2023-01-01T00:00:00Z" },
    { name: "a", version: "2.0", uploaded: "2024-06-01T00:00:00Z", sdist: true },
    { name: "a", version: "3.0a1", uploaded: "2025-01-01T00:00:00Z" },
    { name: "source-only", version: "1.0", tags: [], sdist: true },
  ],
};
const policies: readonly (readonly [flags: readonly string[], version: string])[] = [
  [[], "2.0"],
  [["--resolution=lowest"], "1.0"],
  [["--prerelease=allow"], "3.0a1"],
  [["--exclude-newer", "2024-01-01"], "1.0"],
  [["--exclude-newer", "2024-06-02T00:00:00Z"], "2.0"],
  [["--no-binary-package", "a"], "2.0"],
];
for (const [flags, version] of policies) {
  test(
    `run ${flags.join(" ")} takes ${version}`,
    withIndexes([MANY], async (place, [index]) => {
      const { stdout, stderr } = await take(place, ["--index", index.url, ...flags]);
      assert.is(stdout, `${version}\n`, stderr);
    }),
  );
}

test(
  "--no-build refuses what has no wheel",
  withIndexes([MANY], async (place, [index]) => {
    const words = ["run", "--index", index.url, "--with", "source-only", "-c", "import source_only"];
    assert.is((await place.run(words)).exitCode, 0);
    const fresh = ["--cache-dir", path.join(place.root, "fresh")];
    const refused = await place.run([...fresh, ...words.slice(0, 1), "--no-build", ...words.slice(1)]);
    assert.is(refused.exitCode, 4, refused.stderr);
    assert.match(refused.stderr, "source-only");
  }),
);

// --link-mode

for (const mode of ["auto", "tree", "clone", "hardlink", "copy"]) {
  test(
    `--link-mode=${mode} gives the same environment`,
    withIndexes([a("1.0", { "console-scripts": { "a-tool": "a:main" } })], async (place, [index]) => {
      const code =
        "import a, importlib.metadata as m; print(a.version, m.version('a'), [str(f) for f in m.files('a')][:1])";
      const words = ["run", "--index", index.url, "--link-mode", mode, "--with", "a", "-c", code];
      const { exitCode, stdout } = await place.run(words);
      assert.equal([exitCode, stdout.startsWith("1.0 1.0 [")], [0, true], stdout);
    }),
  );
}

test.run();
