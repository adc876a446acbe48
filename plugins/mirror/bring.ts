import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fileSource } from "../../plugin-api/archive/byte-source.ts";
import { openWheel } from "../../plugin-api/archive/wheel.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { parseSha256, type Sha256 } from "../../plugin-api/model/digest.ts";
import { Http } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { sha256OfFile } from "../../plugin-api/system/file-digest.ts";
import { checkOtherDigest } from "../../plugin-api/system/stated-digest.ts";
import type { MirrorFile } from "./pages.ts";
import { filesFolder, versionOf } from "./tree.ts";
import type { WantedFile } from "./wanted.ts";

/** So many files are fetched at a time. */
const AT_ONCE = 8;

/** Has all files in the mirror's folder, each whole or not at all. Throws what `Http` throws, `E_HASH_MISMATCH`, `E_ARCHIVE_UNSAFE`. */
export async function bringFiles(
  root: string,
  wanted: readonly WantedFile[],
  session: Session,
): Promise<readonly MirrorFile[]> {
  const made: MirrorFile[] = [];
  const queue = [...wanted.keys()];
  const work = async (): Promise<void> => {
    for (let at = queue.shift(); at !== undefined; at = queue.shift())
      made[at] = await bringFile(root, wanted[at] as WantedFile, session);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return made;
}

async function bringFile(root: string, wanted: WantedFile, session: Session): Promise<MirrorFile> {
  session.signal.throwIfAborted();
  const { name, file } = wanted;
  const { filename, requiresPython, isYanked, yankedReason, uploadedAtMs } = file;
  const folder = filesFolder(root, name);
  fs.mkdirSync(folder, { recursive: true });
  const place = path.join(folder, filename);
  const sha256 = (await leftBefore(place, file.sha256)) ?? (await fetchInto(place, wanted, session));
  const metadata = filename.endsWith(".whl") ? metadataOf(place) : undefined;
  if (metadata !== undefined) writeAtomically(`${place}.metadata`, metadata);
  return {
    filename,
    version: versionOf(name, filename),
    sha256,
    sizeBytes: fs.statSync(place).size,
    isYanked,
    ...(yankedReason !== undefined && { yankedReason }),
    ...(requiresPython !== undefined && { requiresPython }),
    ...(uploadedAtMs !== undefined && { uploadedAtMs }),
    ...(metadata !== undefined && { metadataSha256: digestOf(metadata) }),
  };
}

/** What an interrupted call has fetched, when it is the file that is meant. */
async function leftBefore(place: string, announced: Sha256 | undefined): Promise<Sha256 | undefined> {
  if (announced === undefined || !fs.existsSync(place)) return undefined;
  return (await sha256OfFile(place)) === announced ? announced : undefined;
}

async function fetchInto(place: string, { name, version, file }: WantedFile, session: Session): Promise<Sha256> {
  const { filename, url, sha256, sizeBytes } = file;
  clearAbandoned(place);
  const temporary = path.join(path.dirname(place), `.${filename}.${randomBytes(4).toString("hex")}.part`);
  const told = { name, version, file: filename };
  session.emit({ type: "DownloadStart", ...told, ...(sizeBytes !== undefined && { total: sizeBytes }) });
  try {
    const got = url.startsWith("file:")
      ? await copyChecked(url, temporary, sha256)
      : (await (await session.use(Http)).download(url, temporary, { ...(sha256 && { sha256 }) })).sha256;
    await checkOtherDigest(temporary, file);
    fs.renameSync(temporary, place);
    session.emit({ type: "DownloadComplete", ...told, bytes: fs.statSync(place).size, cached: false });
    return got;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** Nobody else works in a mirror whose lock we hold. */
function clearAbandoned(place: string): void {
  const [folder, filename] = [path.dirname(place), path.basename(place)];
  for (const name of fs.readdirSync(folder))
    if (name.startsWith(`.${filename}.`) && name.endsWith(".part")) fs.rmSync(path.join(folder, name));
}

async function copyChecked(url: string, target: string, announced: Sha256 | undefined): Promise<Sha256> {
  const source = fileURLToPath(url);
  fs.copyFileSync(source, target, fs.constants.COPYFILE_FICLONE);
  const sha256 = await sha256OfFile(target);
  if (announced === undefined || sha256 === announced) return sha256;
  throw new PybunError("E_HASH_MISMATCH", `\`${path.basename(source)}\` is not the file that was announced`, {
    evidence: [`file      ${source}`, `expected  ${announced}`, `got       ${sha256}`],
    context: { file: source, expected: announced, got: sha256 },
  });
}

function metadataOf(wheel: string): Buffer | undefined {
  const fd = fs.openSync(wheel, "r");
  try {
    const { archive, folders } = openWheel(fileSource(fd), { filename: path.basename(wheel) });
    const entry = archive.find(`${folders.info}/METADATA`);
    return entry && archive.read(entry);
  } finally {
    fs.closeSync(fd);
  }
}

const digestOf = (bytes: Uint8Array): Sha256 => parseSha256(createHash("sha256").update(bytes).digest("hex")) as Sha256;
