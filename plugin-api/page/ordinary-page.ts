import { isNormalizedName } from "../python/package-name.ts";
import { fileUrl } from "./archive-links.ts";
import { HEADER } from "./layout.ts";
import code from "./reader/reader.txt" with { type: "text" };
import type { PageBody } from "./simple-api.ts";

/** A page as it came, and whose it is: `index` is the index's name. */
export interface NamedPage extends PageBody {
  readonly name: string;
  readonly index: string;
}

interface Reader {
  readonly memory: WebAssembly.Memory;
  /** Room for so many bytes; what was there before is gone. 0 where there is none. */
  readonly room: (bytes: number) => number;
  /** Where the record lies of what was put there; 0 for a page that is left to others. */
  readonly read: (at: number) => number;
}

/** A page of an index is this in by far the most cases; the reader knows no other form. */
const JSON_PAGE = /^application\/vnd\.pypi\.simple\.v1\+json\s*(?:;|$)/i;
const ASCII = /^[\x20-\x7e]*$/;
/** Where links may start from: the server itself, and so many folders up. */
const WAYS = ["/", "../", "../../", "../../../", "../../../../"];
const LENGTHS = 3 + WAYS.length;
/** What a larger page takes of memory is not kept for the next one. */
const MOST_BYTES = 32 * 1024 * 1024;

let reader: Reader | undefined;

/**
 * The record of a page as `encodeVersionPage` makes it of what `readSimplePage` reads, made in a quarter of the time; undefined for a
 * page with something out of the ordinary, which may be all right.
 */
export function ordinaryPage({ name, index, url, contentType, body }: NamedPage): Uint8Array | undefined {
  const isFit = JSON_PAGE.test(contentType) && isNormalizedName(name) && url.startsWith("http");
  if (!isFit || body.length > MOST_BYTES) return undefined;
  const texts = [name, index, ...WAYS.map((way) => placeOf(way, url))];
  if (!texts.every((text) => ASCII.test(text))) return undefined;
  reader ??= start();
  const record = reader && made(reader, texts, body);
  if (reader && reader.memory.buffer.byteLength > MOST_BYTES) reader = undefined;
  return record;
}

function made({ memory, room, read }: Reader, texts: readonly string[], body: Uint8Array): Uint8Array | undefined {
  const lengths = [...texts.map((text) => text.length), body.length];
  const at = room(4 * LENGTHS + lengths.reduce((sum, length) => sum + length, 0)) >>> 0;
  if (at === 0) return undefined;
  new Uint32Array(memory.buffer, at, LENGTHS).set(lengths);
  const bytes = Buffer.from(memory.buffer);
  let end = at + 4 * LENGTHS;
  for (const text of texts) end += bytes.write(text, end, "latin1");
  bytes.set(body, end);
  const record = read(at) >>> 0;
  if (record === 0) return undefined;
  const sizeBytes = new Uint32Array(memory.buffer, record, HEADER.sizeBytes + 1)[HEADER.sizeBytes]!;
  return new Uint8Array(memory.buffer, record, sizeBytes).slice();
}

/** The folder that a page's links of one way start from; empty where none may. */
function placeOf(way: string, pageUrl: string): string {
  try {
    return fileUrl(new URL(way, pageUrl).href, pageUrl);
  } catch {
    return "";
  }
}

function start(): Reader | undefined {
  try {
    const module = new WebAssembly.Module(Buffer.from(code, "base64"));
    return new WebAssembly.Instance(module).exports as unknown as Reader;
  } catch {
    return undefined; // an engine without vectors
  }
}
