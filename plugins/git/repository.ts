import fs from "node:fs";
import path from "node:path";
import type { Host } from "../../plugin-api/services.ts";
import { Host as HostKey, Redactor } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { withLock } from "../../plugin-api/system/lock-file.ts";
import { gitFailure } from "./failure.ts";
import { findGit } from "./find-git.ts";
import { GIT_OPTIONS, gitEnvironment } from "./git-environment.ts";
import { type GitReference, repositoryKey } from "./reference.ts";
import { type GitResult, runGit } from "./run-git.ts";

/** A repository as it is kept on this machine, and the way to talk to git about it. */
export interface Repository {
  readonly reference: GitReference;
  readonly isOffline: boolean;
  /** Bare repository with all that was ever fetched. */
  readonly database: string;
  /** Folder with a checkout for each commit that was needed. */
  readonly checkouts: string;
  /** Folder with what references meant when they were last asked for. */
  readonly notes: string;
  /** Runs git in the database, or in `cwd`. Never throws for git's own failure. Throws `E_GIT_MISSING`. */
  git(args: readonly string[], more?: GitMore): Promise<GitResult>;
  /** As `git`, gives standard output; throws what `gitFailure` makes of a failure. `doing` completes "can't …". */
  must(doing: string, args: readonly string[], more?: GitMore): Promise<string>;
  /** Runs `work` while no other process changes what is kept of the repository. Not to be nested. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}
export interface GitMore {
  readonly cwd?: string;
  /** Git reads from this machine alone: `file` is then allowed. */
  readonly isLocal?: boolean;
}

/** Another process may be fetching a large repository. */
const WAIT_MS = 30 * 60_000;

/** What is kept of a reference's repository; makes nothing on disk. */
export async function openRepository(reference: GitReference, session: Session): Promise<Repository> {
  const host = await session.use(HostKey);
  const { url, login } = reference;
  if (login) (await session.use(Redactor)).addSecret(login.password === "" ? login.username : login.password);
  const folder = path.join(host.dataDir, "git");
  const key = repositoryKey(url);
  const database = path.join(folder, "repositories", `${key}.git`);
  const run = gitRunner({ reference, host, database, session });
  return {
    reference,
    isOffline: host.isOffline,
    database,
    checkouts: path.join(folder, "checkouts", key),
    notes: path.join(folder, "references", key),
    git: run,
    must: async (doing, args, more) => {
      const { isOk, stdout, stderr } = await run(args, more);
      if (isOk) return stdout;
      throw gitFailure({ doing, url, stderr });
    },
    alone: (work) =>
      withLock(
        path.join(folder, "locks", `${key}.lock`),
        {
          timeoutMs: WAIT_MS,
          signal: session.signal,
          subject: `the repository ${url}`,
          onWait: (holder) =>
            session.emit({
              type: "Waiting",
              reason: `for ${holder ? `${holder.command} (pid ${holder.pid})` : "another process"} to fetch ${url}`,
            }),
        },
        work,
      ),
  };
}

interface Runner {
  readonly reference: GitReference;
  readonly host: Host;
  readonly database: string;
  readonly session: Session;
}

function gitRunner({ reference, host, database, session }: Runner): Repository["git"] {
  const { url, text, login, isLfs } = reference;
  const scheme = new URL(url).protocol.slice(0, -1);
  const given = login && { login: { origin: new URL(url).origin, ...login } };
  const env = gitEnvironment({ env: sshQuietly(host.env), scheme, isLfs: isLfs === true, ...given });
  const local = { ...env, GIT_ALLOW_PROTOCOL: "file" };
  return async (args, { cwd = database, isLocal = false } = {}) => {
    const git = findGit(host, text);
    // Before there is a database its parent is as good: it must not be a folder of the user's, whose configuration counts.
    if (cwd === database) fs.mkdirSync(database, { recursive: true });
    const place = cwd === database ? [`--git-dir=${database}`] : [];
    const call = { git, cwd, env: isLocal ? local : env, signal: session.signal };
    return runGit({ ...call, args: [...GIT_OPTIONS, ...place, ...args] });
  };
}

/** ssh asks nobody, unless the user has an ssh of their own: then it is theirs to say. */
function sshQuietly(env: Host["env"]): Host["env"] {
  if (env["GIT_SSH_COMMAND"] !== undefined || env["GIT_SSH"] !== undefined) return env;
  return { ...env, GIT_SSH_COMMAND: "ssh -oBatchMode=yes -oConnectTimeout=30" };
}
