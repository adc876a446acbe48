import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../error.ts";
import { type CoreMetadata, parseCoreMetadata, parseDecisiveMetadata } from "./core-metadata.ts";
import { fieldNames, readHeaders, readMessage } from "./headers.ts";
import { versionKey } from "./version-key.ts";

const FULL = `Metadata-Version: 2.5
Name: Foo.Bar
Version: 1.0rc1
Summary: A thing
Home-page: https://example.org
Project-URL: Docs, https://example.org/a,b
License: some text
License-Expression: MIT
License-File: LICENSE
Classifier: A :: B
Classifier: C
Author-email: A <a@example.org>
Requires-Python: >=3.9
requires-dist: a>=1
Requires-Dist: b ;
    python_version < "3.12"
Provides-Extra: Test_X
Dynamic: Requires-Dist
Import-Name: foo
Import-Name: foo.bar ; private

The body: not a header
`;

test("metadata is read", () => {
  const metadata = parseCoreMetadata(FULL);
  assert.equal(
    { ...metadata, projectUrls: [...metadata.projectUrls] },
    {
      metadataVersion: "2.5",
      name: "foo-bar",
      displayName: "Foo.Bar",
      version: "1.0rc1",
      requiresPython: ">=3.9",
      requiresDist: ["a>=1", 'b ; python_version < "3.12"'],
      providesExtra: ["test-x"],
      dynamic: ["requires-dist"],
      summary: "A thing",
      license: "MIT",
      licenseFiles: ["LICENSE"],
      classifiers: ["A :: B", "C"],
      author: "",
      authorEmail: "A <a@example.org>",
      projectUrls: [
        ["Home-page", "https://example.org"],
        ["Docs", "https://example.org/a,b"],
      ],
      importNames: ["foo", "foo.bar ; private"],
      importNamespaces: undefined,
      description: "The body: not a header\n",
    },
  );
});

test("old metadata is read", () => {
  const text =
    "Metadata-Version: 1.0\r\nName: a\r\nVersion: 1\r\nLicense: UNKNOWN\r\nDescription: x\r\n        y\r\n       |z\r\n";
  const { license, description, importNames } = parseCoreMetadata(text);
  assert.equal([license, description, importNames], ["", "x\ny\nz", undefined]);
});

test("what decides is read alike without the rest of the file, whatever its lines end in", () => {
  const parts = [FULL, "\n\u00e9 \u{1f600}\n\nRequires-Dist: not-a-header\n", "\r\n\r\nRequires-Dist: neither\n", "\n"];
  const orders = parts.flatMap((first) => parts.map((second) => `${first}${second}`));
  const texts = [...orders, ...orders.map((text) => text.replaceAll("\n", "\r\n")), FULL.replaceAll("\n", "\r")];
  const read = (parse: () => object): unknown => {
    try {
      return parse();
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (const text of texts) {
    for (const source of [text, Buffer.from(text), Buffer.from(`\ufeff${text}`)]) {
      const whole = read(() => parseCoreMetadata(source)) as CoreMetadata;
      const decisive = read(() => parseDecisiveMetadata(source));
      if (typeof whole === "string") assert.is(decisive, whole);
      else
        for (const [key, value] of Object.entries(decisive as object))
          assert.equal(value, whole[key as keyof CoreMetadata]);
    }
  }
});

test("fields that are asked for are those of all fields, however they are written", () => {
  const lines = [
    "Name: a",
    "NAME: b",
    "name:c",
    "mane: d",
    "Dynamic: e",
    "\rame: f",
    "n\u00e4me: g",
    "na me: h",
    "nam\x7f: i",
  ];
  const others = [
    " more",
    "\tmore",
    ": odd",
    "From x",
    "Name",
    "",
    "Name\r",
    "Names: j",
    "dynami\u0003: k",
    "requires\r\rdist: l",
  ];
  const all = [...lines, ...others];
  const wanted = ["name", "dynamic", "requires-dist"];
  for (const first of all)
    for (const second of all)
      for (const third of all) {
        const text = [first, second, third, "Name: last"].join("\n");
        const headers = [...readHeaders(text)].filter(([name]) => wanted.includes(name));
        assert.equal([...readHeaders(text, fieldNames(wanted))], headers, JSON.stringify(text));
      }
});

test("invalid bytes are replaced", () => {
  const bytes = Buffer.concat([
    Buffer.from("Metadata-Version: 2.1\nName: a\nVersion: 1\nSummary: x"),
    Buffer.from([0xff]),
    Buffer.from("é\n"),
  ]);
  assert.is(parseCoreMetadata(bytes).summary, "x\ufffdé");
});

test("metadata without a usable identity is refused", () => {
  const head = "Metadata-Version: 2.1\nName: a\nVersion: 1\n";
  const invalid = [
    ["", "name"],
    [head.replace("2.1", "3.0"), "3.0"],
    [head.replace("Name: a\n", ""), "name"],
    [head.replace("Name: a", "Name: -a"), "-a"],
    [head.replace("Version: 1\n", "Version: 2010i\n"), "2010i"],
    [`${head}Version: 2\n`, "different `version`"],
    [`${head}Requires-Python: >3\nRequires-Python: >4\n`, "different `requires-python`"],
    // A blank before the colon ends the header block, as in Python's parser.
    ["Metadata-Version: 2.1\nName : a\nVersion: 1\n", "name"],
  ] as const;
  for (const [text, why] of invalid) {
    assert.throws(
      () => parseCoreMetadata(text),
      (error: unknown) => error instanceof InvalidSyntax && error.message.includes(why),
      text,
    );
  }
  assert.is(parseCoreMetadata(`${head}Name: a\n`).name, "a");
  // pip and uv install what does not say its format.
  for (const [line, format] of [
    ["", ""],
    ["Metadata-Version: 2\n", ""],
    ["Metadata-Version: x\n", ""],
    ["Metadata-Version: 2.1\nMetadata-Version: 2.2\n", ""],
    ["Metadata-Version: 2.2\nMetadata-Version: 2.2\n", "2.2"],
    ["Metadata-Version: 2.9\n", "2.9"],
  ] as const) {
    const text = `${line}Name: a\nVersion: 1\nRequires-Dist: b\n`;
    for (const { metadataVersion, requiresDist } of [parseCoreMetadata(text), parseDecisiveMetadata(text)])
      assert.equal([metadataVersion, requiresDist], [format, ["b"]], text);
  }
});

test("what is written plainly is read as what is not", () => {
  const begun = ["Metadata-Version: 2.1", "Name: a", "Version: 1"];
  const odd = [
    "metadata-version:2.1",
    "NAME: A",
    "Version: 1.0",
    "Requires-Python: >=3.8 ",
    "Requires-Dist: b>=1",
    "requires-dist:\tc; extra == 'x'",
    "Requires-Dist: \u00e9",
    "Requires-Dist:",
    "Provides-Extra: X_y",
    "Dynamic: License",
    "Classifier: Framework :: d",
    "Description: x",
    " Requires-Dist: continued",
    "\tVersion: 2",
    "Requires-Dist : e",
    "Requires-Dist",
    ": odd",
    "From x",
    "",
    "Requires-Dist: f\r",
    "nam\u00e9: g",
    "Reqvires-Dist: h",
    "Name\0: i",
    "x".repeat(3000),
  ];
  const line = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...begun) }, fc.constantFrom(...odd));
  const read = (parse: () => object): unknown => {
    try {
      return parse();
    } catch (error) {
      return (error as Error).message;
    }
  };
  fc.assert(
    fc.property(fc.boolean(), fc.array(line, { maxLength: 12 }), fc.boolean(), (isBegun, lines, isEnded) => {
      const text = [...(isBegun ? begun : []), ...lines].join("\n") + (isEnded ? "\n" : "");
      for (const source of [text, Buffer.from(text), Buffer.from(`${text}\n\nRequires-Dist: body\n`)]) {
        const whole = read(() => parseCoreMetadata(source)) as CoreMetadata;
        const decisive = read(() => parseDecisiveMetadata(source));
        if (typeof whole === "string") assert.is(decisive, whole);
        else
          for (const [key, value] of Object.entries(decisive as object))
            assert.equal(value, whole[key as keyof CoreMetadata]);
      }
    }),
    { numRuns: 5000 },
  );
});

test("a long run of blanks costs no more than its length", () => {
  const blanks = " ".repeat(500_000);
  const metadata = parseCoreMetadata(`Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist: a${blanks}b\n`);
  assert.is(metadata.requiresDist[0]?.length, blanks.length + 2);
  assert.is(versionKey(`1${blanks}1`), undefined);
});

test("headers are read as e-mail is", () => {
  const headers = readHeaders("A: 1\r\nb:2\rA:  3 \n\tx\n: odd\nFrom here\n\nC: 4\n");
  assert.equal(
    [...headers],
    [
      ["a", ["1", "3 \n\tx"]],
      ["b", ["2"]],
    ],
  );
  assert.equal([...readHeaders("A: 1\n: odd\n of odd\n")], [["a", ["1"]]]);
  assert.equal([...readHeaders(" lost\nA: 1")], [["a", ["1"]]]);
  assert.equal([...readHeaders("A: 1\nno header\nB: 2")], [["a", ["1"]]]);
  assert.is(readMessage("A: 1\nno header\nB: 2").body, "no header\nB: 2");
  assert.is(readMessage("A: 1\n\n\nx").body, "\nx");
});

test.run();
