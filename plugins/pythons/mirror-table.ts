import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { MANIFEST_FILE, type MirrorManifest } from "../../plugin-api/mirror/manifest.ts";
import { verifiedManifest } from "../../plugin-api/mirror/signature.ts";
import { Clock, Host, Http } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { type PythonArchive, readArchivePath } from "./archive-name.ts";

/** A mirror that has a signed table of its own. */
export interface SignedMirror {
  /** Address of the folder with the table, without a slash at the end. */
  readonly url: string;
  readonly publicKey: string;
}

const DAY_MS = 86_400_000;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The archives of a mirror's own table, which is read anew once a day at most (SPEC PY-02), and never an older one than was
 * seen before. Without `isRefreshed` only what was read before counts. Throws `E_SIGNATURE`, and what a request throws when
 * there is no earlier copy.
 */
export async function mirrorTable(
  mirror: SignedMirror,
  isRefreshed: boolean,
  session: Session,
): Promise<readonly PythonArchive[]> {
  const [{ dataDir, isOffline }, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  const nowMs = clock.nowMs();
  const kept = path.join(
    dataDir,
    "index",
    "pythons",
    `${sha256Of(`${mirror.url} ${mirror.publicKey}`).slice(0, 32)}.txt`,
  );
  const verify = (text: string) => verified(text, mirror, nowMs);
  const isHere = mirror.url.startsWith("file:");
  if (isHere) return archivesOf(verify(readHere(mirror.url)));
  const known = readKept(kept);
  const ageMs = known === undefined ? undefined : nowMs - known.readAtMs;
  const isFresh = ageMs !== undefined && ageMs >= 0 && ageMs < DAY_MS;
  if (known !== undefined && (isFresh || isOffline || !isRefreshed)) return archivesOf(verify(known.text));
  if (!isRefreshed || isOffline) return [];
  return archivesOf(await refreshed({ mirror, kept, known, verify }, session));
}

interface Refreshing {
  readonly mirror: SignedMirror;
  readonly kept: string;
  readonly known: { readonly text: string } | undefined;
  readonly verify: (text: string) => MirrorManifest;
}

async function refreshed({ mirror, kept, known, verify }: Refreshing, session: Session): Promise<MirrorManifest> {
  let text: string;
  try {
    text = await fetchTable(mirror, session);
  } catch (error) {
    // A mirror that is down now and then costs nothing while its last table holds.
    if (known === undefined || !(error instanceof PybunError) || error.code !== "E_NETWORK") throw error;
    return verify(known.text);
  }
  const table = verify(text);
  const before = known && attempt(() => verify(known.text));
  const isOlder = before !== undefined && before.createdAtMs > table.createdAtMs;
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  writeAtomically(kept, isOlder ? (known as { readonly text: string }).text : text);
  return isOlder ? before : table;
}

async function fetchTable({ url }: SignedMirror, session: Session): Promise<string> {
  const where = `${url}/${MANIFEST_FILE}`;
  const answer = await (await session.use(Http)).get(where, { cache: "bypass", maxBytes: MAX_BYTES });
  if (answer.status === 200) return Buffer.from(answer.body).toString("utf8");
  if (answer.status === 404) throw noTable(where);
  throw new PybunError("E_NETWORK", `the table of Pythons could not be fetched, status ${answer.status}`, {
    evidence: [`address  ${where}`],
    context: { url: where, status: answer.status },
    isRetryable: answer.status >= 500,
  });
}

function readHere(url: string): string {
  const where = `${url}/${MANIFEST_FILE}`;
  const file = fileURLToPath(where);
  if (!fs.existsSync(file)) throw noTable(where);
  return fs.readFileSync(file, "utf8");
}

const noTable = (where: string): PybunError =>
  new PybunError("E_SIGNATURE", `the mirror has no signed table of Pythons`, {
    evidence: [`looked for  ${where}`, "`python-mirror-key` is set, so nothing is taken from a mirror without one"],
    context: { manifest: where },
  });

const verified = (text: string, { url, publicKey }: SignedMirror, nowMs: number): MirrorManifest =>
  verifiedManifest(text, { publicKey, nowMs, where: `${url}/${MANIFEST_FILE}`, keyName: "`python-mirror-key`" });

function readKept(file: string): { readonly text: string; readonly readAtMs: number } | undefined {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat && { text: fs.readFileSync(file, "utf8"), readAtMs: stat.mtimeMs };
}

const archivesOf = ({ files }: MirrorManifest): readonly PythonArchive[] =>
  [...files].flatMap(([path, file]) => readArchivePath(path, file) ?? []);

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
