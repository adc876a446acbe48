import fs from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../../test/harness/executable.ts";
import { tomlText } from "../../test/harness/toml-arbitraries.ts";
import { blake3 } from "../blake3/blake3.ts";
import { PybunError } from "../error.ts";
import { packDx, unpackDx } from "./dx.ts";
import { dxTreeOf } from "./from-toml.ts";
import { HEADER_BYTES } from "./layout.ts";

const RUNS = Number(process.env["RUNS"] ?? 100);

const about = { path: "pyproject.dx" };
const pack = (text: string, keepsLayout = true) => packDx(Buffer.from(text), { path: "pyproject.toml", keepsLayout });

/** Types, keys and values in order, without how they are written. */
const shape = (text: string) => {
  const { nodes } = dxTreeOf(text);
  const show = (index: number): unknown => {
    const { type, key, text: value, children } = nodes[index]!;
    const kind = type === "array of tables" ? "array" : type;
    return [kind, key, value, children.map(show)];
  };
  return show(0);
};

async function holds(text: string): Promise<void> {
  const packed = await pack(text);
  assert.is(unpackDx(packed, about).text, text);
  assert.equal(await pack(text), packed);
  const { text: plain, isOriginal } = unpackDx(await pack(text, false), about);
  assert.is(isOriginal, false);
  assert.equal(shape(plain), shape(text));
  assert.equal(
    parse(plain, { integersAsBigInt: true }),
    parse(text.replace(/^\uFEFF/, ""), { integersAsBigInt: true }),
  );
}

const SAMPLE = `# why
[project]
name = "a" # here
dependencies = [
  'b>=1', # c
]
urls.Home = "https://e.x"
version = '''1'''
[tool.x]
n = 0x1F
when = 2020-01-01
[[tool.x.list]]
f = 1_0.0
[[tool.x.list]]
on = true
`;

test("the text comes back byte for byte, or its values alone", () => holds(SAMPLE));

test("a last value without a line end comes back too", async () => {
  for (const value of ["0", "''", "[0]", "1"]) await holds(`a = ''\nb = ${value}`);
});

test("a backslash before an n in lines of text is no line feed", () => holds('a = [{ b = """\\\\n""" }]\n'));

test("of values alone, a table before other keys stands in braces, so that the order stays", async () => {
  const { text } = unpackDx(await pack(SAMPLE, false), about);
  assert.match(text, 'urls = { Home = "https://e.x" }\nversion = ');
  assert.match(text, "[[tool.x.list]]\nf = 1_0.0\n\n[[tool.x.list]]\non = true\n");
});

test("PROP-8: generated documents", () =>
  fc.assert(
    fc.asyncProperty(tomlText, async (text) => {
      await holds(text);
    }),
    { numRuns: RUNS },
  ));

const PROJECTS = path.join(REPOSITORY, "..", "shared", "conformance", "projects");
if (fs.existsSync(PROJECTS))
  test("PROP-8: files of real projects", async () => {
    const files = fs
      .readdirSync(PROJECTS, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith("pyproject.toml"));
    assert.ok(files.length > 10);
    for (const file of files) await holds(fs.readFileSync(path.join(PROJECTS, file), "utf8"));
  });

test("the header is as the format says", async () => {
  const source = Buffer.from('a = "b"\n');
  const bytes = Buffer.from(await packDx(source, { path: "x" }));
  assert.equal([...bytes.subarray(0, 8)], [0x44, 0x58, 0x50, 1, 1, 0, 1, 0]);
  const [strings, nodes, count, zero] = [8, 12, 16, 20].map((at) => bytes.readUInt32LE(at));
  assert.equal([strings, nodes, count, zero, bytes.readBigUInt64LE(24)], [96 + 2 * 16, 96, 2, 0, 8n]);
  assert.equal(bytes.subarray(64, 96), Buffer.from(blake3(source)));
  assert.equal(bytes.subarray(32, 64), Buffer.from(blake3(bytes.subarray(0, 32), bytes.subarray(64))));
  // The document, whose first child is node 1: a basic string without a sibling, its key the first string, its value the second.
  assert.equal([...bytes.subarray(96, 112)], [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255]);
  assert.equal([...bytes.subarray(112, 116)], [4, 0, 1, 0]);
  assert.equal([bytes.readUInt32LE(120), bytes.readUInt32LE(124)], [1, 0xffffffff]);
  assert.is(String.fromCharCode(bytes[bytes.readUInt32LE(116)]!), "a");
});

const refusal = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    assert.instance(error, PybunError);
    return `${(error as PybunError).code}: ${(error as PybunError).message}`;
  }
  return "nothing refused";
};

test("what can't be packed is refused", async () => {
  assert.match(await refusal(() => pack("a = ")), /E_DX_SOURCE: pyproject\.toml can't be packed/);
  assert.match(await refusal(() => packDx(Uint8Array.of(0xff), { path: "x" })), /it is not UTF-8/);
  assert.match(await refusal(() => pack(`a = ${"[".repeat(300)}${"]".repeat(300)}`)), /nested more than 200 deep/);
  assert.match(await refusal(() => pack(`a = ${"[".repeat(100_000)}`)), /E_DX_SOURCE/);
  assert.match(await refusal(() => pack(`${"a".repeat(70_000)} = 1`)), /longer than 65,535 bytes/);
});

/** Makes the hash fit again, as one would who means harm. */
function sealed(bytes: Uint8Array): Uint8Array {
  bytes.set(blake3(bytes.subarray(0, 32), bytes.subarray(HEADER_BYTES)), 32);
  return bytes;
}

test("a newer version, damage and foreign files are told apart", async () => {
  const packed = await pack(SAMPLE);
  const newer = packed.slice();
  newer[4] = 2;
  assert.match(await refusal(() => unpackDx(newer, about)), /E_FORMAT_VERSION/);
  const damaged = packed.slice();
  damaged[200]! ^= 1;
  assert.match(await refusal(() => unpackDx(damaged, about)), /E_DX_INVALID: .* the hash at offset 32/);
  assert.match(await refusal(() => unpackDx(Buffer.from("[project]"), about)), /the header at offset 0/);
  const forged = packed.slice();
  forged.set(Buffer.from("c>=1"), Buffer.from(forged).indexOf("b>=1"));
  assert.match(await refusal(() => unpackDx(sealed(forged), about)), /its text is not the one that was packed/);
});

test("changed bytes lead to a coded error or to TOML, whether or not the hash fits", async () => {
  const files = [await pack(SAMPLE), await pack(SAMPLE, false)];
  const change = fc.record({
    file: fc.constantFrom(...files),
    edits: fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 255))), {
      minLength: 1,
      maxLength: 4,
    }),
    cut: fc.option(fc.nat(), { freq: 5 }),
  });
  fc.assert(
    fc.property(change, fc.boolean(), ({ file, edits, cut }, isSealed) => {
      const bytes = file.slice(0, cut === null ? file.length : cut % file.length);
      for (const [at, byte] of edits) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      try {
        parse(unpackDx(isSealed && bytes.length >= 96 ? sealed(bytes) : bytes, about).text);
      } catch (error) {
        if (!(error instanceof PybunError)) throw error;
        assert.match(error.code, /^E_(?:DX_INVALID|FORMAT_VERSION)$/);
      }
    }),
    { numRuns: 20 * RUNS },
  );
});

test.run();
