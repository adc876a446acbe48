import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PybunError } from "../../plugin-api/error.ts";
import { hasherOf } from "../../plugin-api/hash/native.ts";
import { Http } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAll } from "../../plugin-api/system/write-all.ts";
import type { PythonArchive } from "./archive-name.ts";
import type { Sources } from "./sources.ts";

const PIECE_BYTES = 1024 * 1024;

/**
 * Has an archive as a new file in `folder`, with the digest that the table has for it; any other is deleted. Throws
 * `E_HASH_MISMATCH`, `E_PYTHON_NOT_AVAILABLE` for a folder without it, what a download throws, and system errors.
 */
export async function bringArchive(
  archive: PythonArchive,
  { base, isLocal }: Sources,
  { folder, session }: { readonly folder: string; readonly session: Session },
): Promise<string> {
  const { sha256, sizeBytes, version } = archive;
  const filename = path.posix.basename(archive.path);
  const file = path.join(folder, filename);
  const url = `${base}/${archive.path.split("/").map(encodeURIComponent).join("/")}`;
  const told = { name: "python", version, file: filename };
  const total = sizeBytes === undefined ? {} : { total: sizeBytes };
  session.emit({ type: "DownloadStart", ...told, ...total });
  const onBytes = (bytes: number, announced: number | undefined): void => {
    const size = announced ?? sizeBytes;
    session.emit({ type: "DownloadProgress", name: "python", file: filename, bytes, ...(size && { total: size }) });
  };
  if (isLocal) copyChecked(url, file, { archive, session });
  else {
    const http = await session.use(Http);
    const options = { sha256, ...(sizeBytes && { sizeBytes }), onBytes };
    await http.download(url, file, options).catch((error: unknown) => refuse(error, filename));
  }
  session.emit({ type: "DownloadComplete", ...told, bytes: fs.statSync(file).size, cached: false });
  return file;
}

/** An address that can't be reached from here may be replaced by one that can. */
function refuse(error: unknown, filename: string): never {
  if (!(error instanceof PybunError) || error.code !== "E_NETWORK") throw error;
  const { hints = [], evidence = [], ...detail } = error.detail;
  throw new PybunError(error.code, error.message, {
    ...detail,
    evidence: [`archive  ${filename}`, ...evidence],
    hints: [...hints, "fetch it elsewhere: `PYBUN_PYTHON_MIRROR` names another address, or a folder"].slice(0, 2),
    cause: error.cause,
  });
}

function copyChecked(
  url: string,
  target: string,
  { archive, session }: { readonly archive: PythonArchive; readonly session: Session },
): void {
  const source = fileURLToPath(url);
  if (!fs.existsSync(source))
    throw new PybunError("E_PYTHON_NOT_AVAILABLE", `the mirror has no file \`${path.basename(source)}\``, {
      evidence: [`looked for  ${source}`],
      hints: ["a mirror with a table of its own needs its key: `PYBUN_PYTHON_MIRROR_KEY`"],
      context: { url },
    });
  const hash = hasherOf("sha256");
  const [from, to] = [fs.openSync(source, "r"), fs.openSync(target, "wx")];
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let size = fs.readSync(from, piece); size > 0; size = fs.readSync(from, piece)) {
      session.signal.throwIfAborted();
      hash.update(piece.subarray(0, size));
      writeAll(to, piece.subarray(0, size), { file: target });
    }
  } finally {
    fs.closeSync(from);
    fs.closeSync(to);
  }
  const got = hash.digest("hex");
  if (got === archive.sha256) return;
  fs.rmSync(target);
  throw new PybunError(
    "E_HASH_MISMATCH",
    `\`${path.basename(source)}\` of the mirror is not the file that was announced`,
    {
      evidence: [`expected  ${archive.sha256}`, `got       ${got}`, "the copy was deleted, nothing was changed"],
      context: { url, file: path.basename(source), expected: archive.sha256, got },
    },
  );
}
