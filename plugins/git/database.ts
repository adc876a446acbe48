import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { isCommit } from "../../plugin-api/python/git-url.ts";
import type { Session } from "../../plugin-api/session.ts";
import { gitFailure } from "./failure.ts";
import type { RemoteRef } from "./remote-refs.ts";
import type { Repository } from "./repository.ts";

/** All branches and tags: for what can't be asked for by itself. */
const EVERYTHING = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];

/** Whether a commit is in the database. One call of git, none where nothing was ever fetched. */
export async function hasCommit(repository: Repository, commit: string): Promise<boolean> {
  if (!fs.existsSync(path.join(repository.database, "HEAD"))) return false;
  return (await repository.git(["cat-file", "-e", `${commit}^{commit}`])).isOk;
}

/** Whole name of the one commit that begins with `short`; undefined for none, `E_GIT_REVISION` for several. */
export async function expandCommit(repository: Repository, short: string): Promise<string | undefined> {
  if (!fs.existsSync(path.join(repository.database, "HEAD"))) return undefined;
  const { isOk, stdout, stderr } = await repository.git([
    "rev-parse",
    "--verify",
    "--end-of-options",
    `${short}^{commit}`,
  ]);
  if (isOk) return stdout.trim();
  if (!/ambiguous/i.test(stderr)) return undefined;
  const { text } = repository.reference;
  throw new PybunError("E_GIT_REVISION", `several commits begin with \`${short}\``, {
    evidence: [text],
    hints: ["write more of the commit's name, best all of it"],
    context: { revision: short },
  });
}

/**
 * Has a commit in the database; to be called alone. `ref` is where the remote side has it, when that is known. Throws
 * `E_OFFLINE_MISS`, `E_GIT_REVISION` and what `gitFailure` makes.
 */
export async function obtainCommit(
  repository: Repository,
  { commit, ref }: Pick<RemoteRef, "commit"> & { readonly ref?: string | undefined },
  session: Session,
): Promise<void> {
  if (await hasCommit(repository, commit)) return;
  const anchor = `refs/pybun/${commit}`;
  const ways = [...(ref === undefined ? [] : [[`+${ref}:${anchor}`]]), [`+${commit}:${anchor}`], EVERYTHING];
  for (const refspecs of ways) {
    const isLast = refspecs === EVERYTHING;
    if (await fetchRefs(repository, { refspecs, mayFail: !isLast }, session)) {
      if (await hasCommit(repository, commit)) return;
    }
  }
  throw unknownRevision(repository, commit, []);
}

/** Fetches every branch and tag; to be called alone. */
export const obtainEverything = (repository: Repository, session: Session): Promise<boolean> =>
  fetchRefs(repository, { refspecs: EVERYTHING, mayFail: false }, session);

interface Fetch {
  readonly refspecs: readonly string[];
  /** The server may not give away a commit by its name: another way is tried then. */
  readonly mayFail: boolean;
}

async function fetchRefs(repository: Repository, { refspecs, mayFail }: Fetch, session: Session): Promise<boolean> {
  const { url, text } = repository.reference;
  if (repository.isOffline)
    throw new PybunError("E_OFFLINE_MISS", `\`${text}\` was never fetched and the network is off`, {
      context: { url },
    });
  await ensureDatabase(repository);
  const told = { name: path.posix.basename(new URL(url).pathname), version: "", file: url };
  session.emit({ type: "DownloadStart", ...told });
  const before = packedBytes(repository);
  const args = ["fetch", "--quiet", "--force", "--no-write-fetch-head", "--", url, ...refspecs];
  let { isOk, stderr } = await repository.git(args);
  if (!isOk && mend(repository, stderr)) {
    await ensureDatabase(repository);
    ({ isOk, stderr } = await repository.git(args));
  }
  session.emit({
    type: "DownloadComplete",
    ...told,
    bytes: Math.max(0, packedBytes(repository) - before),
    cached: false,
  });
  if (isOk) return true;
  const error = gitFailure({ doing: `fetch ${url}`, url, stderr });
  if (mayFail && !["E_AUTH", "E_NETWORK"].includes(error.code)) return false;
  throw error;
}

async function ensureDatabase(repository: Repository): Promise<void> {
  if (fs.existsSync(path.join(repository.database, "HEAD"))) return;
  await repository.must("make a database for it", ["init", "--quiet", "--bare"], { isLocal: true });
}

/**
 * What a killed git left behind: a lock of its own (ours says that nobody else is at work), or half a database, which holds
 * nothing that can't be fetched again. True when trying again is worth it.
 */
function mend({ database }: Repository, stderr: string): boolean {
  const lock = /unable to create '([^']+\.lock)': file exists/i.exec(stderr)?.[1];
  if (lock !== undefined && path.resolve(database, lock).startsWith(database + path.sep)) {
    fs.rmSync(path.resolve(database, lock), { force: true });
    return true;
  }
  const isDamaged =
    /not a git repository|object file .* is empty|loose object .* corrupt|bad object|packfile .* (?:cannot be|does not match)|index-pack failed|missing necessary objects|unresolved deltas|did not send all necessary/i;
  if (!isDamaged.test(stderr)) return false;
  fs.rmSync(database, { recursive: true, force: true });
  return true;
}

function packedBytes({ database }: Repository): number {
  const folder = path.join(database, "objects", "pack");
  if (!fs.existsSync(folder)) return 0;
  return fs
    .readdirSync(folder)
    .reduce((sum, name) => sum + (fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** `E_GIT_REVISION` for a name that leads nowhere; `names` are those that exist and are near. */
export function unknownRevision({ reference }: Repository, revision: string, names: readonly string[]): PybunError {
  const what = isCommit(revision) ? "commit" : "branch, tag or commit";
  return new PybunError("E_GIT_REVISION", `${reference.url} has no ${what} \`${revision}\``, {
    evidence: [`asked for by ${reference.text}`],
    hints: names.map((name) => `did you mean: \`${name}\``).slice(0, 1),
    context: { url: reference.url, revision },
  });
}
