import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type IndexData, type IndexServer, startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { type Release, sha256 } from "../harness/release.ts";
import { makeWheel } from "../harness/wheel.ts";

// Which of several indexes, and which of an index's files, count: rules of a project's file.

const a = (version: string, more: Partial<Release> = {}): Release => ({ name: "a", version, ...more });
const OWN: IndexData = { packages: [a("1.0", { uploaded: "2024-01-01T00:00:00Z" })] };
const OTHER: IndexData = {
  packages: [
    a("0.5", { uploaded: "2020-01-01T00:00:00Z" }),
    a("2.0", { uploaded: "2025-01-01T00:00:00Z" }),
    a("3.0", { uploaded: new Date(Date.now() - 3_600_000).toISOString() }),
  ],
};

interface Row {
  readonly what: string;
  /** Lines of the project's file; `OWN` and `OTHER` stand for the addresses. */
  readonly file: string;
  readonly requirement?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** Version taken, or the code of the error. */
  readonly expected: string;
  /** Whether the index `other` is asked for the page. */
  readonly isOtherAsked?: boolean;
}

/** No index in the variables, and nobody at the public index's address. */
const NOWHERE = { PYBUN_INDEX_URL: undefined, PYBUN_PYPI_BASE_URL: "http://127.0.0.1:9" };
const PUBLIC = 'index-url = "OTHER"\n';
const CORP = '[[tool.pybun.index]]\nname = "corp"\nurl = "OWN"\n';
const ROWS: readonly Row[] = [
  { what: "first-index", file: PUBLIC + CORP, expected: "1.0", isOtherAsked: false },
  {
    what: "first-index, also where it has no version that fits",
    file: PUBLIC + CORP,
    requirement: "a>=2",
    expected: "E_RESOLVE_MISSING",
    isOtherAsked: false,
  },
  {
    what: "unsafe-first-match takes what fits of the first",
    file: `index-strategy = "unsafe-first-match"\n${PUBLIC}${CORP}`,
    expected: "1.0",
    isOtherAsked: true,
  },
  {
    what: "unsafe-first-match goes on to the next",
    file: `index-strategy = "unsafe-first-match"\n${PUBLIC}${CORP}`,
    requirement: "a>=2",
    expected: "3.0",
  },
  {
    what: "unsafe-best-match takes the best of all",
    file: `index-strategy = "unsafe-best-match"\n${PUBLIC}${CORP}`,
    expected: "3.0",
  },
  {
    what: "an explicit index is not asked",
    file: `index-url = "OWN"\n[[tool.pybun.index]]\nname = "x"\nurl = "OTHER"\nexplicit = true\n`,
    expected: "1.0",
    isOtherAsked: false,
  },
  {
    what: "a default table stands in for the public index",
    file: '[[tool.pybun.index]]\nname = "x"\nurl = "OTHER"\ndefault = true\n',
    requirement: "a<3",
    expected: "2.0",
  },
  {
    what: "an index's own cut-off",
    file: `${PUBLIC}[[tool.pybun.index]]\nname = "x"\nurl = "OTHER"\nexclude-newer = "2025-06-01"\n`,
    expected: "2.0",
  },
  {
    what: "an index's own cut-off before the general one",
    file: `exclude-newer = "2021-01-01"\n[[tool.pybun.index]]\nname = "x"\nurl = "OTHER"\nexclude-newer = false\n`,
    expected: "3.0",
  },
  { what: "the general cut-off", file: `exclude-newer = "2021-01-01"\n${PUBLIC}`, expected: "0.5" },
  {
    what: "a package's cut-off before all",
    file: `exclude-newer = "2021-01-01"\n${PUBLIC}[tool.pybun.exclude-newer-package]\nA = "2025-06-01"\n`,
    expected: "2.0",
  },
  {
    what: "a package without cut-off",
    file: `security.min-release-age = "7 days"\n${PUBLIC}[tool.pybun.exclude-newer-package]\na = false\n`,
    expected: "3.0",
  },
  { what: "files must have an age", file: `security.min-release-age = "7 days"\n${PUBLIC}`, expected: "2.0" },
  { what: "an age that is given as a flag", file: PUBLIC, flags: ["--min-release-age", "2w"], expected: "2.0" },
  {
    what: "an age of all files is too high",
    file: PUBLIC,
    flags: ["--min-release-age", "9999 weeks"],
    expected: "E_RESOLVE_MISSING",
  },
  {
    what: "an age that is a date",
    file: PUBLIC,
    env: { PYBUN_MIN_RELEASE_AGE: "2024-01-01" },
    expected: "E_CONFIG_INVALID",
  },
  { what: "uv's index tables", file: "", env: { UV_NO_CONFIG: "0" }, expected: "2.0", requirement: "a<3" },
  {
    what: "the server of the public index",
    file: "",
    env: { PYBUN_PYPI_BASE_URL: "BASE" },
    requirement: "a<3",
    expected: "2.0",
  },
];

const withBoth =
  (body: (place: Place, own: IndexServer, other: IndexServer) => Promise<void>) => async (): Promise<void> => {
    const [own, other] = await Promise.all([startIndex(OWN), startIndex(OTHER)]);
    try {
      await inPlace((place) => body(place, own, other))();
    } finally {
      await Promise.all([own.stop(), other.stop()]);
    }
  };

for (const { what, file, requirement = "a", env = {}, flags = [], expected, isOtherAsked } of ROWS)
  test(
    what,
    withBoth(async (place, own, other) => {
      const put = (text: string): string =>
        text.replaceAll("OWN", own.url).replaceAll("OTHER", other.url).replaceAll("BASE", other.origin);
      const ofUv = what.startsWith("uv") ? `[[tool.uv.index]]\nname = "x"\nurl = "${other.url}"\ndefault = true\n` : "";
      place.write({ "pyproject.toml": `[project]\nname = "p"\nversion = "1"\n[tool.pybun]\n${put(file)}${ofUv}` });
      const vars = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, put(value)]));
      const argv = ["run", ...flags, "--with", requirement, "-c", "import a; print(a.version)"];
      const { stdout, stderr } = await place.run(argv, { env: { ...NOWHERE, ...vars } });
      if (expected.startsWith("E_")) assert.match(stderr, expected);
      else assert.is(stdout, `${expected}\n`, stderr);
      if (isOtherAsked !== undefined) assert.is(other.count("page") > 0, isOtherAsked);
    }),
  );

test(
  "a flat index serves a package that is pinned to it",
  withBoth(async (place, own) => {
    const { filename, bytes } = makeWheel({ name: "b", version: "7.0" });
    fs.mkdirSync(path.join(place.cwd, "wheels"));
    fs.writeFileSync(path.join(place.cwd, "wheels", filename), bytes);
    place.write({
      "pyproject.toml": `[project]\nname = "p"\nversion = "1"\n[tool.pybun]\nindex-url = "${own.url}"\n[[tool.pybun.index]]\nname = "here"\nurl = "wheels"\nformat = "flat"\n`,
    });
    fs.mkdirSync(path.join(place.cwd, "deep"));
    const { stdout, stderr } = await place.run(["run", "--with", "b", "-c", "import b; print(b.version)"], {
      env: NOWHERE,
      cwd: path.join(place.cwd, "deep"),
    });
    assert.is(stdout, "7.0\n", stderr);
    assert.is(own.requests.length, 0);
  }),
);

test("an index that said something else than the wheel: what was remembered of it does not come back", async () => {
  const wrong = { name: "a", version: "1.0", requires: ["b"], "metadata-requires": [] };
  const index = await startIndex({ packages: [wrong, { name: "b", version: "1.0" }] });
  try {
    await inPlace(
      async ({ run }) => {
        const words = ["--with", "a", "-c", "import b; print(b.version)"];
        const first = await run(["run", ...words]);
        assert.is(first.exitCode, 1, first.stderr);
        assert.match(first.stderr, "warning[W_METADATA_DIFFERS]");
        const again = await run(["run", "--refresh", ...words]);
        assert.is(again.stdout, "1.0\n", again.stderr);
      },
      { env: { PYBUN_INDEX_URL: index.url } },
    )();
  } finally {
    await index.stop();
  }
});

test("a wheel for other Pythons than its index says is passed over, and not kept", async () => {
  const { filename, bytes } = makeWheel({ name: "a", version: "1.0", "requires-python": ">=99" });
  // No metadata file and no ranges: the wheel has to be fetched to see what it says.
  const server = http.createServer((request, response) => {
    const file = { filename, url: `/${filename}`, hashes: { sha256: sha256(bytes) }, "requires-python": ">=3.8" };
    const page = JSON.stringify({ meta: { "api-version": "1.1" }, name: "a", files: [file] });
    if (request.url === "/simple/a/")
      response.setHeader("content-type", "application/vnd.pypi.simple.v1+json").end(page);
    else response.writeHead(request.url === `/${filename}` ? 200 : 404).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await inPlace(
      async ({ run, data }) => {
        const { stderr } = await run(["run", "--with", "a", "-c", "import a"]);
        assert.match(stderr, "error[E_RESOLVE_PYTHON]");
        const artifacts = path.join(data, "artifacts");
        const kept = fs.existsSync(artifacts) ? fs.readdirSync(artifacts, { recursive: true, encoding: "utf8" }) : [];
        assert.equal(
          kept.filter((file) => file.endsWith(".whl")),
          [],
        );
      },
      { env: { PYBUN_INDEX_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple` } },
    )();
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test.run();
