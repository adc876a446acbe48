import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  hostileWheel,
  hostileZip,
  METADATA,
  type Piece,
  recordRow,
  WHEEL_NAME,
  type WheelLies,
  wheelPieces,
} from "../../test/harness/hostile-zip.ts";
import { PybunError } from "../error.ts";
import { bytesSource } from "./byte-source.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { checkContent, openWheel, type Wheel } from "./wheel.ts";

const open = (bytes: Buffer, filename = WHEEL_NAME): Wheel =>
  openWheel(bytesSource(bytes), { filename, foldsCase: false });

/** Opens a wheel and reads all of it, as an ingest does. */
function judge(bytes: Buffer, filename = WHEEL_NAME): string {
  try {
    const wheel = open(bytes, filename);
    for (const file of wheel.files) {
      const check = checkContent(wheel, file);
      check.update(wheel.archive.read(file.entry));
      check.finish();
    }
  } catch (error) {
    if (error instanceof PybunError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

const file = (name: string, data = "x = 1\n"): Piece => ({ name, data });
const entryPoints = (text: string): WheelLies => ({ extra: [file("case-1.0.dist-info/entry_points.txt", text)] });
const info = "case-1.0.dist-info";

const refused: readonly (readonly [name: string, lies: WheelLies, reason: RegExp])[] = [
  ["a RECORD row without a file", { rows: recordRow("case/ghost.py", "x") }, /lists `case\/ghost.py`/],
  ["a RECORD row outside", { rows: "../../../keep.txt,,\n" }, /lists `\.\.\/\.\.\/\.\.\/keep.txt`/],
  ["an absolute RECORD row", { rows: "/etc/passwd,,\n" }, /lists `\/etc\/passwd`/],
  ["a file that RECORD lacks", { extra: [file("case/m.py")], unrecorded: ["case/m.py"] }, /does not list `case\/m.py`/],
  ["a RECORD row twice", { rows: recordRow("case/__init__.py", "value = 2\n") }, /twice/],
  ["a RECORD without hashes", { record: (text) => text.replace(/sha256=[^,]*/, "") }, /no hash/],
  [
    "a RECORD with MD5",
    { record: (text) => text.replace(/sha256=[^,]*/, "md5=kAFQmDzST7DWlj99KOF_cg") },
    /other than SHA/,
  ],
  [
    "a RECORD with SHA-1",
    { record: (text) => text.replace(/sha256=[^,]*/, "sha1=2jmj7l5rSw0yVb_vlWAYkK_YBwk") },
    /other than SHA/,
  ],
  ["a RECORD with half a hash", { record: (text) => text.replace(/(sha256=.{20})[^,]*/, "$1") }, /malformed hash/],
  ["a RECORD with a size that is none", { record: (text) => text.replace(/,\d+\n/, ",-5\n") }, /malformed size/],
  ["a RECORD with an open quote", { rows: '"case/open.py,,\n' }, /RECORD/],
  ["no RECORD", { without: [`${info}/RECORD`] }, /no `case-1.0.dist-info\/RECORD`/],
  ["no WHEEL", { without: [`${info}/WHEEL`] }, /no `case-1.0.dist-info\/WHEEL`/],
  ["no METADATA", { without: [`${info}/METADATA`] }, /no `case-1.0.dist-info\/METADATA`/],
  ["another .dist-info folder", { extra: [file("other-2.0.dist-info/METADATA")] }, /both/],
  ["an empty second .dist-info folder", { extra: [{ name: "other-2.0.dist-info/", method: 0 }] }, /both/],
  ["a second .dist-info in other case", { extra: [file("Case-1.0.DIST-INFO/METADATA")] }, /both/],
  [".dist-info of another project", { info: "other-1.0.dist-info" }, /another distribution/],
  [".dist-info of another version", { info: "case-1.1.dist-info" }, /another distribution/],
  [".dist-info without a version", { info: "case.dist-info" }, /another distribution/],
  ["METADATA of another project", { metadata: METADATA.replace("case", "other") }, /METADATA is that of `other 1.0`/],
  ["METADATA of another version", { metadata: METADATA.replace("1.0", "1.1") }, /METADATA is that of/],
  ["METADATA with two names", { metadata: `${METADATA}Name: other\n` }, /several `Name`/],
  ["METADATA without a name", { metadata: "Metadata-Version: 2.1\nVersion: 1.0\n" }, /no `Name`/],
  ["a name below the headers", { metadata: "Metadata-Version: 2.1\nVersion: 1.0\n\nName: case\n" }, /no `Name`/],
  ["a later format of wheels", { wheel: "Wheel-Version: 2.0\nRoot-Is-Purelib: true\n" }, /format `2.0`/],
  ["a format that is no version", { wheel: "Wheel-Version: one\nRoot-Is-Purelib: true\n" }, /format `one`/],
  ["two formats", { wheel: "Wheel-Version: 1.0\nWheel-Version: 2.0\nRoot-Is-Purelib: true\n" }, /several/],
  ["an unknown scheme", { extra: [file("case-1.0.data/etc/x")] }, /no known scheme/],
  ["a file beside the schemes", { extra: [file("case-1.0.data/x")] }, /no known scheme/],
  [".data of another project", { extra: [file("other-1.0.data/scripts/x")] }, /another distribution/],
  ...["data/pyvenv.cfg", "data/PyVenv.cfg", "data/bin/python3.12", "data/Scripts/Python.EXE", "scripts/python"].map(
    (place) => [`${place} in .data`, { extra: [file(`case-1.0.data/${place}`)] }, /environment's interpreter/] as const,
  ),
  ["two .data folders", { extra: [file("case-1.0.data/scripts/x"), file("other.data/x")] }, /both/],
  [
    "metadata brought by purelib",
    { extra: [file("case-1.0.data/purelib/evil-1.0.dist-info/METADATA")] },
    /metadata of another/,
  ],
  [
    "own metadata brought by platlib",
    { extra: [file(`case-1.0.data/platlib/${info}/direct_url.json`)] },
    /metadata of another/,
  ],
  ["purelib over a file at the top", { extra: [file("case-1.0.data/purelib/case/__init__.py")] }, /there twice/],
  [
    "purelib over platlib",
    { extra: [file("case-1.0.data/purelib/m.py"), file("case-1.0.data/platlib/m.py")] },
    /there twice/,
  ],
  ["purelib with a drive", { extra: [file("case-1.0.data/purelib/C:/m.py")] }, /names a drive/],
  ["a script that climbs", entryPoints("[console_scripts]\n../../x = case:main\n"), /would leave/],
  ["a script that is absolute", entryPoints("[console_scripts]\n/bin/x = case:main\n"), /would leave/],
  ["a script below a folder", entryPoints("[gui_scripts]\na/b = case:main\n"), /would leave/],
  ["a script with a backslash", entryPoints("[console_scripts]\n..\\x = case:main\n"), /would leave/],
  ["a script called ..", entryPoints("[console_scripts]\n.. = case:main\n"), /would leave/],
  ["a script with a control character", entryPoints("[console_scripts]\na\u0007 = case:main\n"), /would leave/],
  ["a script that is code", entryPoints("[console_scripts]\nx = case:main(); import os\n"), /object reference/],
  ["a script without a function", entryPoints("[console_scripts]\nx = case\n"), /names no function/],
  ["entry points that are no such file", entryPoints("what is this\n"), /entry_points.txt/],
];
for (const [name, lies, reason] of refused) {
  test(`wheel: refuses ${name}`, () => {
    const verdict = judge(hostileWheel(lies));
    assert.match(verdict, /^E_ARCHIVE_UNSAFE/);
    assert.match(verdict, reason);
  });
}

const mismatches: readonly (readonly [name: string, lies: WheelLies])[] = [
  ["another content", { record: (text) => text.replace(/sha256=.{5}/, "sha256=AAAAA") }],
  ["another size", { record: (text) => text.replace(/,\d+\n/, ",999\n") }],
  [
    "another content by SHA-512",
    {
      record: (text) =>
        text.replace(
          recordRow("case/__init__.py", "value = 1\n"),
          recordRow("case/__init__.py", "value = 2\n", "sha512"),
        ),
    },
  ],
];
for (const [name, lies] of mismatches) {
  test(`wheel: refuses ${name} than RECORD lists`, () => assert.match(judge(hostileWheel(lies)), /^E_HASH_MISMATCH/));
}

const script = (text: string): WheelLies => ({ extra: [file("case-1.0.data/scripts/x", text)] });
test("wheel: refuses what is out of size", () => {
  assert.match(judge(hostileWheel(script(`#!/${"x".repeat(300)}\n`))), /^E_LIMIT/);
  for (const limits of [{ metadataBytes: 20 }, { members: 2 }, { packedBytes: 100 }, { unpackedBytes: 100 }]) {
    const rules = { filename: WHEEL_NAME, limits: { ...DEFAULT_LIMITS, ...limits } };
    const isLimit = (error: PybunError): boolean => error.code === "E_LIMIT";
    assert.throws(() => openWheel(bytesSource(hostileWheel()), rules), isLimit);
  }
});

test("wheel: refuses a file name that is another's or none", () => {
  for (const filename of [
    "other-1.0-py3-none-any.whl",
    "case-2.0-py3-none-any.whl",
    "case.whl",
    "case-1.0.zip",
    "case-x-py3-none-any.whl",
  ]) {
    assert.match(judge(hostileWheel(), filename), /^E_ARCHIVE_UNSAFE/);
  }
});

const accepted: readonly (readonly [name: string, lies: WheelLies, filename?: string])[] = [
  ["a plain one", {}],
  ["one with a build number", {}, "case-1.0-1-py3-none-any.whl"],
  ["another spelling of the version", { info: "case-1.0.0.dist-info" }, "case-1-py3-none-any.whl"],
  [
    "another spelling of the name",
    { info: "Ca.se-1.0.dist-info", metadata: METADATA.replace("case", "CA_SE") },
    "ca_se-1.0-py3-none-any.whl",
  ],
  [
    "folders in the archive and in RECORD",
    { extra: [{ name: "case/sub/", method: 0, mode: 0o040755 }], rows: "case/sub/,,\n" },
  ],
  [
    "signatures that RECORD does not list",
    {
      extra: [file(`${info}/RECORD.jws`), file(`${info}/RECORD.p7s`)],
      unrecorded: [`${info}/RECORD.jws`, `${info}/RECORD.p7s`],
    },
  ],
  [
    "SHA-384 and SHA-512",
    {
      record: (text) =>
        text.replace(
          recordRow("case/__init__.py", "value = 1\n"),
          recordRow("case/__init__.py", "value = 1\n", "sha512"),
        ),
    },
  ],
  ["hashes with padding", { record: (text) => text.replace(/(sha256=[^,]*)/g, "$1=") }],
  [
    "quoted paths",
    {
      extra: [file('case/a,"b".txt')],
      unrecorded: ['case/a,"b".txt'],
      rows: `"case/a,""b"".txt"${recordRow("", "x = 1\n")}`,
    },
  ],
  ["a row without a size", { record: (text) => text.replace(/,\d+\n/, ",\n") }],
  ["an older format", { wheel: "Wheel-Version: 0.1\nRoot-Is-Purelib: true\n" }],
  ["a later minor format", { wheel: "Wheel-Version: 1.9\nRoot-Is-Purelib: true\n" }],
  ["METADATA with its name twice", { metadata: `${METADATA}Name: case\n` }],
  ["METADATA without its format", { metadata: "Name: case\nVersion: 1.0\n" }],
  ["bundled metadata below a folder", { extra: [file("case/vendor/other-2.0.dist-info/METADATA")] }],
  ["a folder that only looks like data", { extra: [file("case_data/x.txt")] }],
  ["scripts with a shebang of common length", script(`#!/usr/bin/env python\n${"x".repeat(500)}\n`)],
  ["a script that is a binary without a line end", script("\x7fELF".padEnd(600, "x"))],
];
for (const [name, lies, filename] of accepted) {
  test(`wheel: accepts ${name}`, () => assert.is(judge(hostileWheel(lies), filename), "accepted"));
}

test("wheel: says where each file goes", () => {
  const extra = ["purelib/p.py", "platlib/case/q.py", "scripts/run", "data/share/x", "headers/x.h"].map((path) =>
    file(`case-1.0.data/${path}`),
  );
  const wheel = open(
    hostileWheel({
      extra: [
        ...extra,
        file(
          `${info}/entry_points.txt`,
          "[console_scripts]\ncmdName = case.cli:App.main [extra]\nwin = case:main\n[gui_scripts]\nwin = case:gui\n[other]\nx = y\n",
        ),
      ],
    }),
  );
  const places = Object.fromEntries(wheel.files.map(({ treePath, scheme }) => [treePath, scheme]));
  assert.equal(places, {
    "case/__init__.py": "site",
    "p.py": "site",
    "case/q.py": "site",
    "case-1.0.data/scripts/run": "scripts",
    "case-1.0.data/data/share/x": "data",
    "case-1.0.data/headers/x.h": "headers",
    [`${info}/entry_points.txt`]: "info",
    [`${info}/METADATA`]: "info",
    [`${info}/WHEEL`]: "info",
    [`${info}/RECORD`]: "info",
  });
  assert.equal(wheel.scripts.console, [{ name: "cmdName", module: "case.cli", attribute: "App.main" }]);
  assert.equal(wheel.scripts.gui, [{ name: "win", module: "case", attribute: "gui" }]);
  assert.is(wheel.name, "case");
  assert.is(wheel.version, "1.0");
});

test("wheel: a zip fault is a wheel fault", () => {
  assert.match(judge(hostileZip(wheelPieces(), { tail: Buffer.from("x") })), /^E_ARCHIVE_UNSAFE/);
});

test.run();
