import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { formatManifest, type MirroredFile, withSignature } from "../../plugin-api/mirror/manifest.ts";
import { publicKeyOf, signManifest } from "../../plugin-api/mirror/signature.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Python } from "./python.ts";
import { linkMember, type TarMember, writeTar } from "./tar-writer.ts";

/** The build that all archives made here belong to. */
export const BUILD = "20260101";

/** An archive of the kind that python-build-standalone publishes. */
export interface PythonTar {
  /** Below the mirror's address. */
  readonly path: string;
  readonly bytes: Buffer;
}

export interface PythonTarFor {
  /** `3.12.1`. */
  readonly version: string;
  /** Platform triple; default this machine's. */
  readonly target?: string;
  readonly members: readonly TarMember[];
}

/** An archive of any members, under the name that its version and platform give it. */
export function packPython({ version, target = hostTarget(), members }: PythonTarFor): PythonTar {
  const filename = `cpython-${version}+${BUILD}-${target}-install_only_stripped.tar.gz`;
  return { path: `${BUILD}/${filename}`, bytes: gzipSync(writeTar(members), { level: 1 }) };
}

/** Parts of a standard library that no test needs and that are most of it. */
const LEFT_OUT =
  /^(?:test|tests|idlelib|tkinter|turtledemo|lib2to3|ensurepip|pydoc_data|__pycache__|site-packages|dist-packages|config-.*)$/;

/** An archive of a real interpreter of this machine: its executable and its standard library, so that it runs anywhere. */
export function packInterpreter({ path: executable, version }: Python): PythonTar {
  const minor = version.slice(0, 2).join(".");
  const prefix = path.dirname(path.dirname(executable));
  const stdlib = path.join(prefix, "lib", `python${minor}`);
  const members = [
    { path: `python/bin/python${minor}`, data: fs.readFileSync(executable), mode: 0o755 },
    linkMember("python/bin/python3", `python${minor}`),
    linkMember("python/bin/python", `python${minor}`),
    ...membersBelow(stdlib, `python/lib/python${minor}`, prefix),
  ];
  return packPython({ version: version.join("."), members });
}

function membersBelow(folder: string, name: string, prefix: string): TarMember[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry): TarMember[] => {
    const [file, path_] = [path.join(folder, entry.name), `${name}/${entry.name}`];
    if (LEFT_OUT.test(entry.name) || entry.name.endsWith(".a")) return [];
    if (entry.isDirectory()) return membersBelow(file, path_, prefix);
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return [];
    const data = fs.readFileSync(file);
    const isSysconfig = entry.name.startsWith("_sysconfigdata_");
    // The builders' interpreters are made for this place, wherever they are unpacked.
    return [{ path: path_, data: isSysconfig ? Buffer.from(data.toString().replaceAll(prefix, "/install")) : data }];
  });
}

/** The triple of the platform that the tests run on. */
export function hostTarget(): string {
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  const rest = { darwin: "apple-darwin", win32: "pc-windows-msvc" }[process.platform as string];
  const isMusl = fs.existsSync(`/lib/ld-musl-${machine}.so.1`) && !fs.existsSync("/lib64");
  return `${machine}-${rest ?? `unknown-linux-${isMusl ? "musl" : "gnu"}`}`;
}

/** A mirror's folder, with a table that a key of its own signs. */
export interface PythonMirror {
  readonly folder: string;
  /** `file:` address. */
  readonly url: string;
  readonly publicKey: string;
  /** Writes the table again, with what `change` makes of it. */
  sign(choice?: SignChoice): void;
  /** Path of an archive's file. */
  fileOf(archive: PythonTar): string;
}
export interface SignChoice {
  readonly createdAtMs?: number;
  readonly expiresAtMs?: number;
  readonly archives?: readonly PythonTar[];
  readonly key?: KeyObject;
}

const CREATED_MS = Date.UTC(2026, 0, 1);

export function writePythonMirror(folder: string, archives: readonly PythonTar[]): PythonMirror {
  const { privateKey } = generateKeyPairSync("ed25519");
  const fileOf = (archive: PythonTar): string => path.join(folder, archive.path);
  for (const archive of archives) {
    fs.mkdirSync(path.dirname(fileOf(archive)), { recursive: true });
    fs.writeFileSync(fileOf(archive), archive.bytes);
  }
  const sign: PythonMirror["sign"] = (choice = {}) => {
    const { createdAtMs = CREATED_MS, expiresAtMs, archives: listed = archives, key = privateKey } = choice;
    const files = new Map<string, MirroredFile>();
    for (const { path: name, bytes } of listed) {
      const sha256 = createHash("sha256").update(bytes).digest("hex") as Sha256;
      files.set(name, { sha256, sizeBytes: bytes.length });
    }
    const text = formatManifest({ createdAtMs, ...(expiresAtMs !== undefined && { expiresAtMs }), files });
    fs.writeFileSync(path.join(folder, "manifest.txt"), withSignature(text, signManifest(text, key)));
  };
  fs.mkdirSync(folder, { recursive: true });
  sign();
  return { folder, url: new URL(`file://${folder}`).href, publicKey: publicKeyOf(privateKey), sign, fileOf };
}
