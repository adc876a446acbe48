import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { syncFolder } from "../../plugin-api/system/atomic-file.ts";
import { withLock } from "../../plugin-api/system/lock-file.ts";
import { exchange } from "../../plugin-api/system/native.ts";
import { managedRoot } from "./installed.ts";

/** Where one installation is prepared or taken apart: beside its place, under a name that discovery passes over. */
export interface Staging {
  readonly folder: string;
  /** Where the installation is, or will be. */
  readonly place: string;
}

/** A download over a slow line takes its time, and whoever waits wants the same file. */
const WAIT_MS = 30 * 60_000;
const STAGING = /^\.(cpython-.+)\.tmp$/;

/** Runs `change` with an empty staging folder while no other process changes this installation; the folder goes in any case. */
export async function withStaging<T>(
  name: string,
  session: Session,
  change: (staging: Staging) => Promise<T>,
): Promise<T> {
  const root = managedRoot(await session.use(Host));
  fs.mkdirSync(root, { recursive: true });
  const onWait = (holder: { readonly command: string; readonly pid: number } | undefined): void => {
    const who = holder ? `${holder.command} (pid ${holder.pid})` : "another process";
    session.emit({ type: "Waiting", reason: `for ${who} to finish with ${name}` });
  };
  const options = { timeoutMs: WAIT_MS, signal: session.signal, subject: `the installation ${name}`, onWait };
  return withLock(lockFile(root, name), options, async () => {
    const staging = stagingFor(root, name);
    clear(staging);
    fs.mkdirSync(staging.folder, { mode: 0o700 });
    try {
      return await change(staging);
    } finally {
      clear(staging);
    }
  });
}

const lockFile = (root: string, name: string): string => path.join(path.dirname(root), "locks", `${name}.lock`);
const stagingFor = (root: string, name: string): Staging => ({
  folder: path.join(root, `.${name}.tmp`),
  place: path.join(root, name),
});

/** Removes what killed processes left behind: staging folders that nobody holds the lock of. */
export async function sweepLeftovers(session: Session): Promise<void> {
  const root = managedRoot(await session.use(Host));
  for (const entry of fs.existsSync(root) ? fs.readdirSync(root) : []) {
    const name = STAGING.exec(entry)?.[1];
    if (name === undefined) continue;
    try {
      await withLock(lockFile(root, name), { timeoutMs: 0 }, () => clear(stagingFor(root, name)));
    } catch (error) {
      if (!(error instanceof PybunError) || error.code !== "E_LOCK_BUSY") throw error;
    }
  }
}

const replacedIn = ({ folder }: Staging): string => path.join(folder, "replaced");

/** Removes the staging folder; an installation that was moved into it and not yet replaced goes back first. */
function clear(staging: Staging): void {
  const replaced = replacedIn(staging);
  if (!fs.existsSync(staging.place) && fs.existsSync(replaced)) fs.renameSync(replaced, staging.place);
  fs.rmSync(staging.folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Puts a prepared folder into its place in one step, also where there is one already. */
export function putInPlace(prepared: string, staging: Staging): void {
  const { place } = staging;
  if (!fs.existsSync(place)) fs.renameSync(prepared, place);
  else if (!exchange(prepared, place)) {
    fs.renameSync(place, replacedIn(staging));
    fs.renameSync(prepared, place);
  }
  syncFolder(path.dirname(place));
}

/** Takes an installation out of sight in one step; it is deleted with the staging folder. */
export function takeAway({ folder, place }: Staging): void {
  fs.renameSync(place, path.join(folder, "removed"));
  syncFolder(path.dirname(place));
}
