import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { PybunError } from "../../plugin-api/error.ts";
import { MANIFEST_FILE, type MirrorManifest } from "../../plugin-api/mirror/manifest.ts";
import { checkPage, isMirrored, verifiedManifest } from "../../plugin-api/mirror/signature.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { Clock } from "../../plugin-api/services.ts";
import { unreachable } from "./failure.ts";
import type { Index } from "./index-list.ts";
import type { IndexState } from "./state.ts";

/** Larger than the manifest of any mirror there is. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** Whether an index that is signed has a package, by its manifest. Throws `E_SIGNATURE`. */
export const isListed = async (name: PackageName, index: Index, state: IndexState): Promise<boolean> =>
  isMirrored(await manifestOf(name, index, state), name);

/** Holds a page against the manifest; `undefined` stands for a page that is not there. Throws `E_SIGNATURE`. */
export async function checkSigned(
  page: { readonly name: PackageName; readonly index: Index; readonly body: Uint8Array | undefined },
  state: IndexState,
): Promise<void> {
  const { name, index, body } = page;
  const where = `${index.url}${name}/`;
  const manifest = await manifestOf(name, index, state);
  if (body === undefined) throw refused(index, `${where} is in the signed manifest and not there`);
  checkPage(manifest, { name, bytes: body, where });
}

/** Read and verified once a run; a failure stays one. */
function manifestOf(name: PackageName, index: Index, state: IndexState): Promise<MirrorManifest> {
  let manifest = state.manifests.get(index.name);
  if (!manifest) state.manifests.set(index.name, (manifest = readManifest(name, index, state)));
  return manifest;
}

async function readManifest(name: PackageName, index: Index, state: IndexState): Promise<MirrorManifest> {
  const where = `${index.url}${MANIFEST_FILE}`;
  const text = await (index.url.startsWith("file:")
    ? readFile(where, index)
    : fetchText({ name, where, index }, state));
  const nowMs = (await state.session.use(Clock)).nowMs();
  const manifest = verifiedManifest(text, { publicKey: index.publicKey as string, nowMs, where });
  refuseOlder(manifest, { index, where }, state);
  return manifest;
}

/** A signature stays genuine for ever, so that an old mirror, holes included, could be served in place of the new one. */
function refuseOlder(
  { createdAtMs }: MirrorManifest,
  { index, where }: { readonly index: Index; readonly where: string },
  state: IndexState,
): void {
  const key = `signed ${index.url} ${index.publicKey}`;
  const newest = Number(state.records.find(key)?.note ?? 0);
  if (createdAtMs < newest) {
    const day = (ms: number) => new Date(ms).toISOString();
    throw refused(index, `${where} is of ${day(createdAtMs)}, and one of ${day(newest)} was there before`, [
      "if the mirror was set back on purpose, sign it again: `pybun mirror create DIR --sign-key KEY`",
    ]);
  }
  if (createdAtMs === newest) return;
  const [value, checkedAtS] = [new Uint8Array(0), state.nowS()];
  state.records.put({ key, note: String(createdAtMs), value, checkedAtS, freshUntilS: checkedAtS });
}

async function readFile(where: string, index: Index): Promise<string> {
  try {
    return fs.readFileSync(fileURLToPath(where), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw refused(index, `${where} is not there, and the index \`${index.name}\` is to be signed`);
  }
}

async function fetchText(
  { name, where, index }: { readonly name: PackageName; readonly where: string; readonly index: Index },
  state: IndexState,
): Promise<string> {
  const http = await state.http();
  const cache = state.isRefreshed(name) ? "refresh" : "default";
  const answer = await unreachable(index, () => http.get(where, { cache, maxBytes: MAX_MANIFEST_BYTES }));
  if (answer.status === 200) return Buffer.from(answer.body).toString("utf8");
  throw refused(index, `${where} is not there (${answer.status}), and the index \`${index.name}\` is to be signed`);
}

const refused = (index: Index, message: string, hints: readonly string[] = []): PybunError =>
  new PybunError("E_SIGNATURE", message, { hints, context: { index: index.name } });
