import { PybunError } from "../../plugin-api/error.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { checkOtherDigest } from "../../plugin-api/system/stated-digest.ts";
import { formatSize } from "../../plugin-api/text/units.ts";
import type { ReleaseFile } from "./artifacts.ts";
import { seenAtS } from "./pages.ts";
import type { IndexState } from "./state.ts";

/** A redraw more often than this helps nobody. */
const PROGRESS_BYTES = 256 * 1024;

/** Downloads a file of a release to a new path, telling of it. Throws what `Http.download` throws, in the release's words. */
export async function fetchFile(release: ReleaseFile & { readonly path: string }, state: IndexState): Promise<void> {
  const { name, version, file, path } = release;
  if (state.isOffline) await missing(release, state);
  const { emit } = state.session;
  const http = await state.http();
  const { filename, sha256, sizeBytes } = file;
  emit({ type: "DownloadStart", name, version, file: filename, ...(sizeBytes !== undefined && { total: sizeBytes }) });
  let told = 0;
  const onBytes = (bytes: number, total: number | undefined): void => {
    if (bytes - told < PROGRESS_BYTES) return;
    told = bytes;
    emit({ type: "DownloadProgress", name, file: filename, bytes, ...(total !== undefined && { total }) });
  };
  const options = { onBytes, ...(sha256 && { sha256 }), ...(sizeBytes !== undefined && { sizeBytes }) };
  try {
    const { sizeBytes: bytes } = await http.download(file.url, path, options);
    await checkOtherDigest(path, file);
    emit({ type: "DownloadComplete", name, version, file: filename, bytes, cached: false });
  } catch (error) {
    throw inWords(error, release);
  }
}

function missing({ name, version, file }: ReleaseFile, state: IndexState): Promise<never> {
  const size = file.sizeBytes === undefined ? "" : `, ${formatSize(file.sizeBytes)}`;
  const times = state.indexes.map((index) => seenAtS(normalizeName(name), index.name, state));
  const what = `${version} ${file.kind}${size}`;
  return state.misses.miss({ name, what, seenAtS: times.find((time) => time !== undefined) });
}

function inWords(error: unknown, { name, version, file }: ReleaseFile): unknown {
  if (!(error instanceof PybunError)) return error;
  const { detail, cause } = error;
  const context = { ...detail.context, package: name, version, file: file.filename };
  if (error.code === "E_HASH_MISMATCH") {
    const { expected, got } = context as { readonly expected?: string; readonly got?: string };
    return new PybunError("E_HASH_MISMATCH", `\`${name} ${version}\` is not the file that was announced`, {
      ...detail,
      evidence: [`file      ${file.filename}`, `expected  ${expected}`, `got       ${got}`, "the file was deleted"],
      context,
    });
  }
  return error.code === "E_NETWORK" || error.code === "E_AUTH"
    ? new PybunError(error.code, `can't download \`${file.filename}\`: ${error.message}`, { ...detail, context, cause })
    : error;
}
