import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { withLock } from "../../plugin-api/system/lock-file.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import type { TemporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
import { Crew } from "./crew.ts";
import { type GroupSync, groupSync } from "./group-sync.ts";
import type { IngestRequest } from "./ingest-message.ts";
import { type Places, placesIn } from "./places.ts";
import { type FoundEntry, findEntry, parseLayout } from "./read-entry.ts";
import type { StoredLayout } from "./record-rows.ts";
import { takeIn } from "./take-in.ts";

type Wheel = Parameters<Store["ingest"]>[0];

interface Base {
  readonly session: Session;
  readonly dataDir: string;
  readonly places: Places;
  readonly temporary: TemporaryFolder;
}
interface Means extends Base {
  readonly crew: Crew;
  readonly sync: GroupSync;
  readonly work: Work;
}
interface Work {
  /** What was given to this thread so far, and what was too much for it. */
  ownBytes: number;
  /** Wheels that are not unpacked yet. */
  unpacking: number;
}
/** The way wheels get into the store. */
export interface Intake {
  readonly crew: Crew;
  take(wheel: Wheel): Promise<FoundEntry>;
}

/** Opens the way in: threads start when there is work for them. */
export function openIntake(base: Base): Intake {
  const work: Work = { ownBytes: 0, unpacking: 0 };
  const sync = groupSync(base.dataDir, () => work.unpacking > 0);
  const means: Means = { ...base, crew: new Crew(), sync, work };
  return { crew: means.crew, take: (wheel) => ingestOnce(means, wheel) };
}

/** The lock saves work that another process does already; without it two do the same and the second rename loses. */
async function ingestOnce(intake: Means, wheel: Wheel): Promise<FoundEntry> {
  const { sha256, filename } = wheel;
  if (sha256 === undefined) return ingest(intake, wheel);
  const { places, session } = intake;
  const options = {
    signal: session.signal,
    subject: `the store's copy of \`${filename}\``,
    onWait: () => session.emit({ type: "Waiting", reason: `for another process to unpack ${filename}` }),
  };
  let hasLock = false;
  try {
    return await withLock(places.lock(sha256), options, () => {
      hasLock = true;
      return findEntry(places, sha256) ?? ingest(intake, wheel);
    });
  } catch (error) {
    const isBusy = !hasLock && error instanceof PybunError && error.code === "E_LOCK_BUSY";
    if (!isBusy) throw error;
    return ingest(intake, wheel);
  }
}

/** So much of small wheels is unpacked before a thread has started (about 20 ms); with more, downloads would have to wait. */
const OWN_BYTES = 1024 * 1024;

let staged = 0;

async function ingest({ dataDir, temporary, crew, sync, work }: Means, wheel: Wheel): Promise<FoundEntry> {
  const staging = path.join(temporary.path(), `wheel-${++staged}`);
  const job = {
    path: wheel.path,
    filename: wheel.filename,
    sha256: wheel.sha256,
    isHashed: wheel.isHashed,
    dataDir,
    staging,
  };
  try {
    work.ownBytes += fs.statSync(wheel.path).size;
    const isOwn = work.ownBytes < OWN_BYTES && !crew.isThere;
    const run = isOwn ? takeIn : (request: IngestRequest) => crew.run(request);
    work.unpacking++;
    const unpacked = await run({ kind: "unpack", job }).finally(() => work.unpacking--);
    await sync();
    await run({ kind: "publish", job, unpacked });
    const { id, wheelSha256, layout } = unpacked;
    const entry = { id, path: placesIn(dataDir).entry(id), wheelSha256, filename: wheel.filename };
    return { entry, layout: parseLayout(layout) as StoredLayout };
  } catch (error) {
    removeTree(staging);
    if (isRefused(error) && isWithin(wheel.path, temporary.path())) fs.rmSync(wheel.path, { force: true });
    throw error;
  }
}

/** A download that is not what was announced doesn't stay for anybody to find (SPEC FET-04). */
const isRefused = (error: unknown): boolean =>
  error instanceof PybunError && ["E_HASH_MISMATCH", "E_ARCHIVE_UNSAFE", "E_LIMIT"].includes(error.code);

const isWithin = (file: string, folder: string): boolean =>
  path.resolve(file).startsWith(path.resolve(folder) + path.sep);
