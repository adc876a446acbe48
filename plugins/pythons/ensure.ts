import fs from "node:fs";
import path from "node:path";
import { extractSdist } from "../../plugin-api/archive/sdist.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { syncFileSystem } from "../../plugin-api/system/native.ts";
import { folderName, type PythonArchive } from "./archive-name.ts";
import { bringArchive } from "./bring-archive.ts";
import { executableOf, managedRoot } from "./installed.ts";
import { markManaged, relocate } from "./relocate.ts";
import { smokeRun } from "./smoke.ts";
import type { Sources } from "./sources.ts";
import { putInPlace, type Staging, sweepLeftovers, withStaging } from "./staging.ts";

export interface Ensured {
  readonly executable: string;
  /** False when it was there already, or another process had it installed meanwhile. */
  readonly isNew: boolean;
}

/**
 * Has a Python installed (SPEC PY-04): archive, digest, unpacking beside its place, a first start, and only then its place,
 * in one step. Throws `E_OFFLINE_MISS`, `E_HASH_MISMATCH`, `E_ARCHIVE_UNSAFE`, `E_LIMIT`, `E_PYTHON_BROKEN`, `E_LOCK_BUSY`,
 * and what a download throws.
 */
export async function ensureInstalled(
  archive: PythonArchive,
  { sources, isReinstalled }: { readonly sources: Sources; readonly isReinstalled: boolean },
  session: Session,
): Promise<Ensured> {
  const host = await session.use(Host);
  const name = folderName(archive);
  const executable = path.join(managedRoot(host), name, executableOf(archive, host.platform));
  await sweepLeftovers(session);
  const isThere = (): boolean => !isReinstalled && fs.existsSync(executable);
  if (isThere()) return { executable, isNew: false };
  if (host.isOffline && !sources.isLocal) throw offlineMiss(archive);
  const isNew = await withStaging(name, session, async (staging) => {
    if (isThere()) return false;
    await install(archive, { sources, staging }, session);
    return true;
  });
  return { executable, isNew };
}

async function install(
  archive: PythonArchive,
  { sources, staging }: { readonly sources: Sources; readonly staging: Staging },
  session: Session,
): Promise<void> {
  const { platform, env } = await session.use(Host);
  const file = await bringArchive(archive, sources, { folder: staging.folder, session });
  const { root } = await extractSdist(file, path.join(staging.folder, "unpacked"));
  session.signal.throwIfAborted();
  const { stdlib } = await smokeRun(path.join(root, executableOf(archive, platform)), { archive, root, env });
  if (platform !== "win32") relocate(root, stdlib, staging.place);
  markManaged(stdlib);
  // The name must not outlive a loss of power when the content does not.
  syncFileSystem(root);
  putInPlace(root, staging);
}

/** A Python that is missing and can't be fetched now (SPEC PY-05). */
export function offlineMiss({ version, isFreeThreaded, path: file }: PythonArchive, origin?: string): PybunError {
  const named = `${version}${isFreeThreaded ? "t" : ""}`;
  const asked = origin === undefined ? "" : `, asked by ${origin},`;
  return new PybunError("E_OFFLINE_MISS", `Python ${named}${asked} is not installed and --offline is on`, {
    evidence: [`archive  ${path.posix.basename(file)}`, "PYBUN_PYTHON_MIRROR may name a folder that has it (`file:…`)"],
    hints: [`install it when online: \`pybun python install ${named}\``],
    context: { items: [{ python: named, archive: file }], variable: "PYBUN_PYTHON_MIRROR" },
  });
}
