import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hostileTar, pax, TAR_END, type TarPiece, tarPiece } from "../../test/harness/hostile-tar.ts";
import { hostileZip } from "../../test/harness/hostile-zip.ts";
import { requirePython } from "../../test/harness/python.ts";
import { PybunError } from "../error.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { extractSdist, type SdistOptions } from "./sdist.ts";

const test = suite<{ folder: string }>("sdist");
test.before.each((context) => {
  context.folder = fs.mkdtempSync(path.join(os.tmpdir(), "sdist-"));
});
test.after.each(({ folder }) => fs.rmSync(folder, { recursive: true, force: true }));

async function extract(folder: string, bytes: Buffer, options: SdistOptions & { name?: string } = {}): Promise<string> {
  const file = path.join(folder, options.name ?? "case-1.0.tar.gz");
  fs.writeFileSync(file, bytes);
  return (await extractSdist(file, path.join(folder, "out"), options)).root;
}

async function verdict(folder: string, bytes: Buffer, options: SdistOptions & { name?: string } = {}): Promise<string> {
  try {
    await extract(folder, bytes, options);
    return "accepted";
  } catch (error) {
    if (error instanceof PybunError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const ROOT = "case-1.0/";
const piece = (name: string | Buffer, more: Partial<TarPiece> = {}): Buffer => tarPiece({ name, data: "x", ...more });
const link = (name: string, target: string): Buffer => tarPiece({ name: ROOT + name, type: "2", link: target });
const hard = (name: string, target: string): Buffer => tarPiece({ name: ROOT + name, type: "1", link: target });
const gnu = (type: "L" | "K", text: string): Buffer => tarPiece({ name: "././@LongLink", type, data: text });
const base256 = (...bytes: readonly number[]): Buffer =>
  Buffer.from([...bytes.slice(0, 1), ...Array(12 - bytes.length).fill(0), ...bytes.slice(1)]);

const refused: readonly (readonly [name: string, parts: readonly Buffer[], reason: RegExp, end?: Buffer])[] = [
  ["..", [piece(`${ROOT}../../x`)], /`\.\.` part/],
  ["an absolute path", [piece("/tmp/x")], /absolute/],
  ["a drive", [piece("C:/x")], /drive/],
  ["a backslash", [piece(`${ROOT}..\\x`)], /backslash/],
  ["./", [piece(`./${ROOT}x`)], /`\.` or/],
  ["an empty name", [piece("")], /empty name/],
  ["a control character", [piece(`${ROOT}\u001b[2J`)], /control/],
  ["bytes after a name's NUL", [piece(`${ROOT}x.py\0.txt`)], /follow the NUL/],
  ["bytes after a link's NUL", [tarPiece({ name: `${ROOT}a`, type: "2", link: "b\0c" })], /follow the NUL/],
  ["a name that is not UTF-8", [piece(Buffer.from([0x61, 0xff]))], /not UTF-8/],
  [".. by prefix", [piece("x", { prefix: "case-1.0/.." })], /`\.\.` part/],
  ["an absolute prefix", [piece("x", { prefix: "/tmp" })], /absolute/],
  ["a duplicate", [piece(`${ROOT}x`), piece(`${ROOT}x`)], /twice/],
  ["Unicode twins", [piece(`${ROOT}caf\u00e9`), piece(`${ROOT}cafe\u0301`)], /same place/],
  ["a file that is a folder as well", [piece(`${ROOT}x`), piece(`${ROOT}x/y`)], /both/],
  ["a pipe", [piece(`${ROOT}x`, { type: "6", data: "" })], /neither/],
  ["a character device", [piece(`${ROOT}x`, { type: "3", data: "" })], /neither/],
  ["a block device", [piece(`${ROOT}x`, { type: "4", data: "" })], /neither/],
  ["a contiguous file", [piece(`${ROOT}x`, { type: "7" })], /neither/],
  ["a sparse file", [piece(`${ROOT}x`, { type: "S" })], /neither/],
  ["a sparse file by PAX", [pax({ "GNU.sparse.major": "1" }), piece(`${ROOT}x`)], /sparse/],
  ["a multi-volume part", [piece(`${ROOT}x`, { type: "M" })], /neither/],
  ["an unknown type", [piece(`${ROOT}x`, { type: "Z" })], /neither/],
  ["a link out", [link("x", "../../etc")], /leaves/],
  ["a link out to the folder above", [link("x", "..")], /leaves/],
  ["a link that comes back", [link("x", "../../case-1.0/PKG-INFO")], /leaves/],
  ["a link to a neighbour of the root", [link("x", "../other/y")], /leaves/],
  ["an absolute link", [link("x", "/etc/passwd")], /absolute/],
  ["a link to nothing", [link("x", "")], /malformed/],
  ["a link with a backslash", [link("x", "..\\..\\etc")], /malformed/],
  ["a link to a drive", [link("x", "C:/x")], /malformed/],
  ["a link at the top", [tarPiece({ name: "x", type: "2", link: "case-1.0" })], /leaves/],
  ["a link instead of the root", [tarPiece({ name: "other", type: "2", link: ".." }), piece("other/x")], /both/],
  ["a link to a link", [link("a", "b"), link("b", "PKG-INFO")], /another link/],
  [
    "a link through a link",
    [tarPiece({ name: `${ROOT}d`, type: "5" }), link("a", "d"), link("b", "a/../x")],
    /another link/,
  ],
  ["a link through a later link", [link("b", "a/x"), link("a", ".")], /another link/],
  ["a link to itself", [link("a", "a")], /another link/],
  ["a file through a link", [link("out", "."), piece(`${ROOT}out/x`)], /both/],
  ["a link in place of a file", [piece(`${ROOT}x`), link("x", "PKG-INFO")], /twice/],
  ["a hard link out", [hard("x", "../../etc/passwd")], /file before it/],
  ["an absolute hard link", [hard("x", "/etc/passwd")], /file before it/],
  ["a hard link to what is not there", [hard("x", `${ROOT}y`)], /file before it/],
  ["a hard link to a later file", [hard("x", `${ROOT}y`), piece(`${ROOT}y`)], /file before it/],
  ["a hard link to a link", [link("y", "PKG-INFO"), hard("x", `${ROOT}y`)], /file before it/],
  [
    "a hard link with content",
    [tarPiece({ name: `${ROOT}x`, type: "1", link: `${ROOT}PKG-INFO`, data: "x" })],
    /no file/,
  ],
  ["a link with content", [tarPiece({ name: `${ROOT}x`, type: "2", link: "PKG-INFO", data: "x" })], /no file/],
  ["a folder with content", [tarPiece({ name: `${ROOT}x/`, type: "5", data: "x" })], /no file/],
  ["a file with a target", [tarPiece({ name: `${ROOT}x`, link: "PKG-INFO" })], /no link/],
  ["a negative size", [piece(`${ROOT}x`, { size: base256(0xff, 0xff) })], /malformed number/],
  ["a signed octal size", [piece(`${ROOT}x`, { size: "-0000000001\0" })], /malformed number/],
  ["a size in decimal", [piece(`${ROOT}x`, { size: "00000000009\0" })], /malformed number/],
  ["a size beyond the file", [piece(`${ROOT}x`, { size: "00000077777\0" })], /ends early/],
  ["a size beyond 2^53", [piece(`${ROOT}x`, { size: base256(0x80, 1, 0, 0, 0, 0, 0, 0, 0) })], /malformed number/],
  ["a wrong checksum", [piece(`${ROOT}x`, { checksum: 1 })], /checksum/],
  ["a larger size by PAX", [pax({ size: "1000" }), piece(`${ROOT}x`)], /different sizes/],
  ["a smaller size by PAX", [pax({ size: "0" }), piece(`${ROOT}x`)], /different sizes/],
  ["a negative size by PAX", [pax({ size: "-1" }), piece(`${ROOT}x`)], /different sizes/],
  ["a size with a fraction by PAX", [pax({ size: "1.0" }), piece(`${ROOT}x`)], /different sizes/],
  ["a size of 0 that PAX fills", [pax({ size: "1" }), piece(`${ROOT}x`, { size: "00000000000\0" })], /different sizes/],
  [".. by PAX", [pax({ path: `${ROOT}../../x` }), piece(`${ROOT}x`)], /`\.\.` part/],
  ["a NUL by PAX", [pax({ path: `${ROOT}x\0y` }), piece(`${ROOT}x`)], /control/],
  ["no name by PAX", [pax({ path: "" }), piece(`${ROOT}x`)], /to nothing/],
  ["a link out by PAX", [pax({ linkpath: "../.." }), link("x", "PKG-INFO")], /leaves/],
  ["a target for a file by PAX", [pax({ linkpath: "PKG-INFO" }), piece(`${ROOT}x`)], /no link/],
  ["another charset", [pax({ hdrcharset: "BINARY" }), piece(`${ROOT}x`)], /not UTF-8/],
  ["two PAX paths", [pax({ path: `${ROOT}a` }), pax({ path: `${ROOT}b` }), piece(`${ROOT}x`)], /twice/],
  [
    "a PAX path said twice",
    [tarPiece({ name: "p", type: "x", data: "9 path=a\n9 path=b\n" }), piece(`${ROOT}x`)],
    /twice/,
  ],
  ["a PAX length that lies", [tarPiece({ name: "p", type: "x", data: "99 path=a\n" }), piece(`${ROOT}x`)], /malformed/],
  [
    "a PAX length that is too short",
    [tarPiece({ name: "p", type: "x", data: "8 path=a\n" }), piece(`${ROOT}x`)],
    /malformed/,
  ],
  ["a PAX length of 0", [tarPiece({ name: "p", type: "x", data: "0 path=a\n" }), piece(`${ROOT}x`)], /malformed/],
  ["a PAX record without a key", [tarPiece({ name: "p", type: "x", data: "5 =a\n" }), piece(`${ROOT}x`)], /malformed/],
  ["a global path", [pax({ path: `${ROOT}x` }, "g"), piece(`${ROOT}x`)], /global/],
  ["a global size", [pax({ size: "0" }, "g"), piece(`${ROOT}x`)], /global/],
  ["an extended header at the end", [piece(`${ROOT}x`), pax({ path: `${ROOT}y` })], /no member/],
  ["an extended header too large", [tarPiece({ name: "p", type: "x", data: "x".repeat(2_000_000) })], /too large/],
  ["a GNU name beside a PAX one", [gnu("L", `${ROOT}a\0`), pax({ path: `${ROOT}b` }), piece(`${ROOT}x`)], /twice/],
  ["two GNU names", [gnu("L", `${ROOT}a\0`), gnu("L", `${ROOT}b\0`), piece(`${ROOT}x`)], /twice/],
  ["a GNU name that climbs", [gnu("L", `${ROOT}../../a\0`), piece(`${ROOT}x`)], /`\.\.` part/],
  ["bytes after a GNU name's NUL", [gnu("L", `${ROOT}a\0b`), piece(`${ROOT}x`)], /follow the NUL/],
  ["a GNU name without end", [gnu("L", `${ROOT}a`), piece(`${ROOT}x`)], /does not end/],
  ["a GNU link out", [gnu("K", "../../etc\0"), link("x", "PKG-INFO")], /leaves/],
  ["no end", [piece(`${ROOT}x`)], /ends early/, Buffer.alloc(0)],
  ["half an end", [piece(`${ROOT}x`)], /ends early/, Buffer.alloc(512)],
  ["bytes after the end", [piece(`${ROOT}x`)], /follow its end/, Buffer.concat([TAR_END, Buffer.from("tail")])],
  [
    "a member after the end",
    [piece(`${ROOT}x`)],
    /follow its end/,
    Buffer.concat([TAR_END, piece(`${ROOT}y`), TAR_END]),
  ],
  [
    "a member after half an end",
    [piece(`${ROOT}x`)],
    /follow its end/,
    Buffer.concat([Buffer.alloc(512), piece(`${ROOT}y`), TAR_END]),
  ],
];
for (const [name, parts, reason, end] of refused) {
  test(`refuses ${name}`, async ({ folder }) => {
    const said = await verdict(folder, hostileTar(parts, end));
    assert.match(said, /^E_ARCHIVE_UNSAFE/);
    assert.match(said, reason);
    assert.equal(fs.readdirSync(folder), ["case-1.0.tar.gz"]);
  });
}

const sound = hostileTar([piece(`${ROOT}x`)]);
const after = (bytes: Buffer, at: number, change: Buffer): Buffer => Buffer.concat([bytes.subarray(0, at), change]);
const brokenGzip: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["a second member", Buffer.concat([sound, gzipSync(TAR_END)])],
  ["bytes after it", Buffer.concat([sound, Buffer.from("tail")])],
  ["zeros after it", Buffer.concat([sound, Buffer.alloc(512)])],
  ["a missing trailer", sound.subarray(0, -8)],
  ["half a trailer", sound.subarray(0, -3)],
  ["a wrong CRC", after(sound, sound.length - 8, Buffer.concat([Buffer.from([1, 2, 3, 4]), sound.subarray(-4)]))],
  ["a wrong length", after(sound, sound.length - 4, Buffer.from([1, 0, 0, 0]))],
  ["data cut short", sound.subarray(0, sound.length / 2)],
  ["unknown flags", Buffer.concat([sound.subarray(0, 3), Buffer.from([0xe0]), sound.subarray(4)])],
  [
    "a file name that does not end",
    Buffer.concat([
      sound.subarray(0, 3),
      Buffer.from([8]),
      Buffer.from([0, 0, 0, 0, 0, 3]),
      Buffer.alloc(70_000, 0x61),
    ]),
  ],
  ["another format", Buffer.from("BZh91AY&SY")],
  ["nothing", Buffer.alloc(0)],
];
for (const [name, bytes] of brokenGzip) {
  test(`refuses a gzip file with ${name}`, async ({ folder }) => {
    assert.match(await verdict(folder, bytes), /^E_ARCHIVE_UNSAFE/);
    assert.equal(fs.readdirSync(folder), ["case-1.0.tar.gz"]);
  });
}

test("refuses a bomb before it has grown", async ({ folder }) => {
  const bomb = hostileTar([tarPiece({ name: `${ROOT}zeros`, data: Buffer.alloc(60_000_000) })]);
  const before = process.memoryUsage().rss;
  assert.match(await verdict(folder, bomb), /^E_LIMIT/);
  assert.ok(process.memoryUsage().rss - before < 200_000_000);
  assert.match(await verdict(folder, sound, { limits: { ...DEFAULT_LIMITS, members: 1 } }), /^E_LIMIT/);
  assert.match(await verdict(folder, sound, { limits: { ...DEFAULT_LIMITS, unpackedBytes: 1000 } }), /^E_LIMIT/);
});

const longName = `${ROOT}${"deep/".repeat(40)}m.py`;
const read = (root: string, file: string): string => fs.readFileSync(path.join(root, file), "utf8");
const accepted: readonly (readonly [name: string, parts: readonly Buffer[], file: string])[] = [
  ["a plain member", [piece(`${ROOT}x`)], "x"],
  ["the old format", [piece(`${ROOT}x`, { magic: "", type: "\0" })], "x"],
  ["GNU tar", [piece(`${ROOT}x`, { magic: "ustar  \0" })], "x"],
  ["a prefix", [piece("x", { prefix: "case-1.0/a/b" })], "a/b/x"],
  [
    "a PAX path",
    [pax({ path: longName, mtime: "1700000000.5", "SCHILY.dev": "1" }), piece("short")],
    longName.slice(9),
  ],
  ["a PAX path of digits", [pax({ path: `${ROOT}12345678` }), piece(`${ROOT}x`)], "12345678"],
  ["a PAX size that agrees", [pax({ size: "1" }), piece(`${ROOT}x`)], "x"],
  ["a global comment", [pax({ comment: "8a5edab28261" }, "g"), piece(`${ROOT}x`)], "x"],
  ["a GNU long name", [gnu("L", `${longName}\0`), piece("short")], longName.slice(9)],
  ["a size in base 256", [piece(`${ROOT}x`, { size: base256(0x80, 1) })], "x"],
  ["a size between blanks", [piece(`${ROOT}x`, { size: "          1 " })], "x"],
  [
    "folders",
    [tarPiece({ name: ROOT, type: "5" }), tarPiece({ name: `${ROOT}d/`, type: "5" }), piece(`${ROOT}d/x`)],
    "d/x",
  ],
  ["a folder of the old format", [tarPiece({ name: `${ROOT}d/` }), piece(`${ROOT}d/x`)], "d/x"],
  ["a link inside", [piece(`${ROOT}a/x`), link("b/l", "../a/x")], "b/l"],
  ["a link to a folder", [piece(`${ROOT}a/x`), link("b", "a")], "b/x"],
  ["a hard link inside", [piece(`${ROOT}x`), hard("y", `${ROOT}x`)], "y"],
  ["names of other scripts", [piece(`${ROOT}データ.txt`)], "データ.txt"],
];
for (const [name, parts, file] of accepted) {
  test(`extracts ${name}`, async ({ folder }) => {
    const root = await extract(folder, hostileTar(parts));
    assert.is(root, path.join(folder, "out", "case-1.0"));
    assert.is(read(root, file), "x");
    assert.is(read(root, "PKG-INFO"), "Name: case\n");
  });
}

test("keeps the execute bit and no other; a hard link is a file of its own", async ({ folder }) => {
  const parts = [
    piece(`${ROOT}run`, { mode: 0o6755 }),
    piece(`${ROOT}open`, { mode: 0o666 }),
    piece(`${ROOT}none`, { mode: 0 }),
    hard("again", `${ROOT}run`),
  ];
  const root = await extract(folder, hostileTar(parts));
  const modes = ["run", "open", "none"].map(
    (file) => fs.statSync(path.join(root, file)).mode & 0o7777 & ~process.umask(),
  );
  assert.equal(
    modes,
    [0o755, 0o644, 0o644].map((mode) => mode & ~process.umask()),
  );
  assert.is(fs.statSync(path.join(root, "again")).nlink, 1);
});

test("never writes over what is there", async ({ folder }) => {
  const outside = path.join(folder, "outside");
  fs.writeFileSync(outside, "mine");
  fs.mkdirSync(path.join(folder, "out", "case-1.0"), { recursive: true });
  fs.symlinkSync(outside, path.join(folder, "out", "case-1.0", "x"));
  await extract(folder, sound).then(
    () => assert.unreachable(),
    (error: NodeJS.ErrnoException) => assert.is(error.code, "EEXIST"),
  );
  assert.is(fs.readFileSync(outside, "utf8"), "mine");
});

test("gives the destination as root when there is no one top folder", async ({ folder }) => {
  assert.is(await extract(folder, hostileTar([piece("setup.py")])), path.join(folder, "out"));
  fs.rmSync(path.join(folder, "out"), { recursive: true });
  assert.is(await extract(folder, hostileTar([piece("other/setup.py")])), path.join(folder, "out"));
});

test("extracts zip and plain tar, each by its own strict rules", async ({ folder }) => {
  const zip = hostileZip([
    { name: `${ROOT}x`, data: "x", mode: 0o100755 },
    { name: `${ROOT}d/`, method: 0, mode: 0o040755 },
  ]);
  const root = await extract(folder, zip, { name: "case-1.0.zip" });
  assert.is(read(root, "x"), "x");
  assert.ok(fs.statSync(path.join(root, "d")).isDirectory());
  fs.rmSync(path.join(folder, "out"), { recursive: true });
  assert.is(read(await extract(folder, gunzipSync(sound), { name: "case-1.0.tar" }), "x"), "x");
  fs.rmSync(path.join(folder, "out"), { recursive: true });
  const hostile = hostileZip([{ name: "../x", data: "x" }]);
  assert.match(await verdict(folder, hostile, { name: "case-1.0.zip" }), /^E_ARCHIVE_UNSAFE/);
  assert.match(await verdict(folder, sound, { name: "case-1.0.tar.Z" }), /no kind of archive/);
});

test("unpacks bzip2 and xz with a Python, and refuses them without one", async ({ folder }) => {
  const python = requirePython().path;
  const source = path.join(folder, "plain.tar");
  fs.writeFileSync(source, gunzipSync(sound));
  const { execFileSync } = await import("node:child_process");
  for (const [module, ending] of [
    ["bz2", "tar.bz2"],
    ["lzma", "tar.xz"],
  ] as const) {
    const program = `import ${module},sys;sys.stdout.buffer.write(${module}.compress(open(sys.argv[1],'rb').read()))`;
    const packed = execFileSync(python, ["-c", program, source]);
    const name = `case-1.0.${ending}`;
    assert.match(await verdict(folder, packed, { name }), /^E_ARCHIVE_UNSAFE.*no Python/);
    assert.is(read(await extract(folder, packed, { name, python }), "x"), "x");
    fs.rmSync(path.join(folder, "out"), { recursive: true });
    assert.match(await verdict(folder, packed.subarray(0, -9), { name, python }), /^E_ARCHIVE_UNSAFE/);
  }
});

test.run();
