import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fromRanges } from "../../plugins/pypi/remote-wheel.ts";
import { requirePython } from "../harness/python.ts";
import { fetchPage, type UpstreamFile } from "./upstream.ts";

/** Pages and files of an index, each fetched once and kept on disk. */
export interface PullThrough {
  files(name: string): Promise<readonly UpstreamFile[] | undefined>;
  /** Where a file is kept, by its project and the identity that `identityOf` gave it. */
  content(name: string, identity: string): Promise<string | undefined>;
  /** Its METADATA: the index's own copy, or the one inside the wheel. */
  metadata(name: string, identity: string): Promise<Buffer | undefined>;
}

/** Short and stable: two files of one name at different addresses are told apart. */
export const identityOf = (file: UpstreamFile): string =>
  createHash("sha256").update(file.url).digest("hex").slice(0, 16);

export function pullThrough(index: string, folder: string): PullThrough {
  for (const part of ["pages", "files"]) fs.mkdirSync(path.join(folder, part), { recursive: true });
  const inFlight = new Map<string, Promise<string | undefined>>();
  /** The file that is kept, or what `make` brings; `undefined` is kept as an empty file. */
  const keptFile = (name: string, make: () => Promise<Uint8Array | undefined>): Promise<string | undefined> => {
    const file = path.join(folder, name);
    const running = inFlight.get(name) ?? keep(file, make).finally(() => inFlight.delete(name));
    inFlight.set(name, running);
    return running;
  };
  const kept = async (...what: Parameters<typeof keptFile>): Promise<Buffer | undefined> => {
    const file = await keptFile(...what);
    return file === undefined ? undefined : fs.readFileSync(file);
  };
  const files = async (name: string): Promise<readonly UpstreamFile[] | undefined> => {
    const page = await kept(`pages/${name}.json`, async () => {
      const found = await fetchPage(index, name);
      return found === undefined ? undefined : Buffer.from(JSON.stringify(found));
    });
    return page === undefined ? undefined : (JSON.parse(page.toString()) as UpstreamFile[]);
  };
  // To read a page of thousands of releases again for each file would be all that is measured.
  const byIdentity = new Map<string, Promise<ReadonlyMap<string, UpstreamFile>>>();
  const identities = async (name: string): Promise<ReadonlyMap<string, UpstreamFile>> =>
    new Map(((await files(name)) ?? []).map((file) => [identityOf(file), file]));
  const find = async (name: string, identity: string): Promise<UpstreamFile | undefined> => {
    const known = byIdentity.get(name) ?? identities(name);
    byIdentity.set(name, known);
    return (await known).get(identity);
  };
  const content = async (name: string, identity: string): Promise<string | undefined> => {
    const file = await find(name, identity);
    return file === undefined ? undefined : keptFile(`files/${identity}`, () => download(file.url));
  };
  // As pages are: six calls of the system for a file of 5 kB are no part of what is compared.
  const inMemory = new Map<string, Buffer>();
  const metadata = async (name: string, identity: string): Promise<Buffer | undefined> => {
    const known = inMemory.get(identity);
    if (known !== undefined) return known;
    const file = await find(name, identity);
    if (file === undefined || !file.filename.endsWith(".whl")) return undefined;
    const bytes = await kept(`files/${identity}.metadata`, async () => {
      const own = (await download(`${file.url}.metadata`)) ?? (await metadataByRanges(file));
      if (own !== undefined) return own;
      await content(name, identity);
      return metadataInside(path.join(folder, "files", identity));
    });
    if (bytes !== undefined) inMemory.set(identity, bytes);
    return bytes;
  };
  return { files, content, metadata };
}

async function keep(file: string, make: () => Promise<Uint8Array | undefined>): Promise<string | undefined> {
  if (!fs.existsSync(file)) {
    const made = await make();
    fs.writeFileSync(`${file}.part`, made ?? "");
    fs.renameSync(`${file}.part`, file);
  }
  return fs.statSync(file).size === 0 ? undefined : file;
}

async function download(url: string): Promise<Uint8Array | undefined> {
  const answer = await fetch(url);
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** METADATA without the rest of the wheel; undefined from a server that answers no ranges. */
async function metadataByRanges({ url, filename }: UpstreamFile): Promise<Uint8Array | undefined> {
  const file = { url, filename, kind: "wheel", isYanked: false, hasMetadataFile: false } as const;
  const found = await fromRanges(file, async ({ start, end }) => {
    const range = start < 0 ? String(start) : `${start}-${end ?? ""}`;
    const answer = await fetch(url, { headers: { range: `bytes=${range}`, "accept-encoding": "identity" } });
    const [, offset, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get("content-range") ?? "") ?? [];
    if (answer.status !== 206 || offset === undefined) return undefined;
    return { bytes: await answer.bytes(), offset: Number(offset), totalBytes: Number(total) };
  });
  return typeof found === "string" ? undefined : found;
}

const READ_METADATA = `import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
[name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1]
sys.stdout.buffer.write(archive.read(name))
`;

const metadataInside = (wheel: string): Buffer =>
  execFileSync(requirePython().path, ["-I", "-c", READ_METADATA, wheel], { maxBuffer: 1 << 26 });
