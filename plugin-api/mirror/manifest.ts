import { PybunError } from "../error.ts";
import { parseSha256, type Sha256 } from "../model/digest.ts";

/**
 * The manifest of a static mirror (SPEC IDX-40): every file of it with its SHA-256, and until when that may be believed. It lies
 * beside the projects' folders of the index, as `<index URL>/manifest.txt`, and is one text, so that it is replaced as a
 * whole and signed as it stands:
 *
 *     pybun-mirror 1
 *     created 2026-01-31T12:00:00Z
 *     expires 2026-03-02T12:00:00Z
 *     <sha256> <bytes> files/demo/demo-1.0-py3-none-any.whl
 *     <sha256> <bytes> simple/demo/index.json
 *     signature ed25519 <public key> <signature>
 *
 * Lines end in LF; files are sorted by path (code units), relative to the folder above the index, with `/`. `expires` and
 * `signature` may be missing. Keys and signatures are base64 of the raw 32 and 64 bytes; what is signed is the text up to the
 * `signature` line, that line left out.
 */
export interface MirrorManifest {
  /** Milliseconds since the epoch, whole seconds. */
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly files: ReadonlyMap<string, MirroredFile>;
}
export interface MirroredFile {
  readonly sha256: Sha256;
  readonly sizeBytes: number;
}
/** Who vouches for a text: raw public key and signature as base64. */
export interface ManifestSignature {
  readonly publicKey: string;
  readonly signature: string;
}
export interface ReadManifest {
  readonly manifest: MirrorManifest;
  /** The part of the text that a signature is for. */
  readonly signed: string;
  readonly signature?: ManifestSignature;
}

/** Name of the manifest in the index's own folder. */
export const MANIFEST_FILE = "manifest.txt";

const FIRST_LINE = "pybun-mirror 1";
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const PLAIN_PATH = /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[^\\\0-\x1f\x7f]+$/;

/** The text of a manifest, without a signature. Throws RangeError for a path that could leave the mirror. */
export function formatManifest({ createdAtMs, expiresAtMs, files }: MirrorManifest): string {
  const rows = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { sha256, sizeBytes }]) => {
      if (!PLAIN_PATH.test(path)) throw new RangeError(`no path of a mirror: ${JSON.stringify(path)}`);
      return `${sha256} ${sizeBytes} ${path}`;
    });
  const expires = expiresAtMs === undefined ? [] : [`expires ${timeText(expiresAtMs)}`];
  return `${[FIRST_LINE, `created ${timeText(createdAtMs)}`, ...expires, ...rows].join("\n")}\n`;
}

/** The text with a signature added. */
export const withSignature = (text: string, { publicKey, signature }: ManifestSignature): string =>
  `${text}signature ed25519 ${publicKey} ${signature}\n`;

/** Reads a manifest; whether its signature holds is not asked. `where` names it in messages. Throws `E_SIGNATURE`. */
export function parseManifest(text: string, where: string): ReadManifest {
  const [, signed = text, publicKey, signature] =
    /^([^]*\n)signature ed25519 ([A-Za-z0-9+/]{43}=) ([A-Za-z0-9+/]{86}==)\n$/.exec(text) ?? [];
  const lines = signed.split("\n");
  if (lines.pop() !== "" || lines.shift() !== FIRST_LINE) throw malformed(where, "it does not begin and end as one");
  const createdAtMs = timeIn("created", lines, where);
  if (createdAtMs === undefined) throw malformed(where, "it does not say when it was made");
  const expiresAtMs = timeIn("expires", lines, where);
  const manifest = { createdAtMs, ...(expiresAtMs !== undefined && { expiresAtMs }), files: filesIn(lines, where) };
  const isSigned = publicKey !== undefined && signature !== undefined;
  return { manifest, signed, ...(isSigned && { signature: { publicKey, signature } }) };
}

/** Takes the line away when it is the next one. */
function timeIn(word: string, lines: string[], where: string): number | undefined {
  if (!lines[0]?.startsWith(`${word} `)) return undefined;
  const text = (lines.shift() as string).slice(word.length + 1);
  const timeMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs)) throw malformed(where, `\`${word}\` is no time`);
  return timeMs;
}

function filesIn(lines: readonly string[], where: string): ReadonlyMap<string, MirroredFile> {
  const files = new Map<string, MirroredFile>();
  let before = "";
  for (const line of lines) {
    const [, digest = "", size = "", path = ""] = /^([0-9a-f]{64}) (\d{1,15}) (.+)$/.exec(line) ?? [];
    const sha256 = parseSha256(digest);
    if (sha256 === undefined || !PLAIN_PATH.test(path)) throw malformed(where, `a line is none: ${line.slice(0, 100)}`);
    if (path <= before) throw malformed(where, `its files are out of order at ${path}`);
    files.set((before = path), { sha256, sizeBytes: Number(size) });
  }
  return files;
}

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const malformed = (where: string, why: string): PybunError =>
  new PybunError("E_SIGNATURE", `${where} is no manifest of a mirror: ${why}`, { context: { manifest: where } });
