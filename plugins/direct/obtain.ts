import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { parseSha256, type Sha256 } from "../../plugin-api/model/digest.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import { archiveKind } from "../../plugin-api/page/archive-links.ts";
import { Clock, Host, Http, SettingsTable, Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { checkedSha256 } from "./check-digest.ts";
import type { Reference } from "./reference.ts";

/** An archive to have on this machine. */
export interface Wanted {
  readonly name: string;
  /** Empty when it is not known. */
  readonly version: string;
  /** Without credentials. */
  readonly url: string;
  readonly filename: string;
  readonly digest?: NonNullable<Reference["digest"]>;
}
/** A wheel is taken into the store at once, a source archive is kept as it is. */
export type Archive = (Kept | Stored) & { readonly sha256: Sha256; readonly sizeBytes?: number };
interface Kept {
  readonly path: string;
}
interface Stored {
  readonly entry: StoreEntry;
}

/** A server that gives no date for its answer is asked again after this time; a URL without a hash is no better. */
const FRESH_MS = 10 * 60_000;

/**
 * Has an archive on this machine: by its SHA-256 without a request, by its URL alone while what was fetched from there is
 * fresh or the network is off, else by a download. Throws what `Http` and `Store` throw, and `E_HASH_MISMATCH`.
 */
export async function obtain(wanted: Wanted, session: Session): Promise<Archive> {
  const { dataDir, isOffline } = await session.use(Host);
  const artifacts = path.join(dataDir, "artifacts");
  const note = path.join(artifacts, "by-url", `${sha256Of(wanted.url)}.json`);
  const { digest } = wanted;
  const sha256 =
    digest?.algorithm === "sha256" ? parseSha256(digest.hex) : await remembered(note, { digest, isOffline }, session);
  const held = sha256 && (await find(wanted, { artifacts, sha256 }, session));
  if (held) return held;
  const fetched = await fetchArchive(wanted, artifacts, session);
  writeNote(note, { url: wanted.url, sha256: fetched.sha256, fetchedAtMs: (await session.use(Clock)).nowMs() });
  return fetched;
}

interface Note {
  readonly url: string;
  readonly sha256: string;
  readonly fetchedAtMs: number;
}

/** What the URL led to before, as long as that may be believed. */
async function remembered(
  file: string,
  { digest, isOffline }: { readonly digest: Wanted["digest"]; readonly isOffline: boolean },
  session: Session,
): Promise<Sha256 | undefined> {
  // A digest of another algorithm can only be compared with the file itself.
  if (digest !== undefined) return undefined;
  const note = readNote(file);
  if (note === undefined) return undefined;
  const [clock, table] = await Promise.all([session.use(Clock), session.use(SettingsTable)]);
  const ageMs = clock.nowMs() - note.fetchedAtMs;
  const isFresh = ageMs >= 0 && ageMs < FRESH_MS && table.get("refresh")?.value !== true;
  return isOffline || isFresh ? parseSha256(note.sha256) : undefined;
}

function readNote(file: string): Note | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Note;
  } catch {
    return undefined;
  }
}

function writeNote(file: string, note: Note): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeAtomically(file, JSON.stringify(note));
}

interface Place {
  readonly artifacts: string;
  readonly sha256: Sha256;
}

async function find({ filename }: Wanted, place: Place, session: Session): Promise<Archive | undefined> {
  const { sha256 } = place;
  if (archiveKind(filename) === "wheel") {
    const entry = (await session.use(Store)).find(sha256);
    return entry && { entry, sha256 };
  }
  const kept = keptAt(place, filename);
  const stat = fs.statSync(kept, { throwIfNoEntry: false });
  return stat && { path: kept, sha256, sizeBytes: stat.size };
}

const keptAt = ({ artifacts, sha256 }: Place, filename: string): string =>
  path.join(artifacts, sha256.slice(0, 2), sha256, filename);

let downloads = 0;

async function fetchArchive(wanted: Wanted, artifacts: string, session: Session): Promise<Archive> {
  const { url, filename, digest } = wanted;
  const [http, store] = await Promise.all([session.use(Http), session.use(Store)]);
  const temporary = path.join(store.temporaryDir, `direct-${++downloads}`);
  const expected = digest?.algorithm === "sha256" ? parseSha256(digest.hex) : undefined;
  try {
    const told = { name: wanted.name, version: wanted.version, file: filename };
    session.emit({ type: "DownloadStart", ...told });
    const onBytes = progress(told, session);
    const { sizeBytes, sha256 } = await http.download(url, temporary, {
      onBytes,
      ...(expected && { sha256: expected }),
    });
    if (digest !== undefined && expected === undefined) await checkedSha256(temporary, wanted);
    session.emit({ type: "DownloadComplete", ...told, bytes: sizeBytes, cached: false });
    if (archiveKind(filename) === "wheel") {
      const entry = await store.ingest({ path: temporary, filename, sha256 });
      return { entry, sha256, sizeBytes };
    }
    const kept = keptAt({ artifacts, sha256 }, filename);
    fs.mkdirSync(path.dirname(kept), { recursive: true });
    fs.renameSync(temporary, kept);
    return { path: kept, sha256, sizeBytes };
  } catch (error) {
    throw inWords(error, wanted);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** A redraw more often than this helps nobody. */
const PROGRESS_BYTES = 256 * 1024;

function progress(told: { readonly name: string; readonly file: string }, { emit }: Session) {
  let atBytes = 0;
  return (bytes: number, total: number | undefined): void => {
    if (bytes - atBytes < PROGRESS_BYTES) return;
    atBytes = bytes;
    const { name, file } = told;
    emit({ type: "DownloadProgress", name, file, bytes, ...(total !== undefined && { total }) });
  };
}

/** What failed is the archive that the user named; the reason stays. */
function inWords(error: unknown, { filename }: Wanted): unknown {
  if (!(error instanceof PybunError) || !["E_NETWORK", "E_AUTH"].includes(error.code)) return error;
  return new PybunError(error.code, `can't download \`${filename}\`: ${error.message}`, error.detail);
}
