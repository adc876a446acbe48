import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { randomName } from "../../plugin-api/hash/native.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { hasCommit, obtainCommit } from "./database.ts";
import { findGit } from "./find-git.ts";
import { chooseRef, patternsFor } from "./remote-refs.ts";
import type { Repository } from "./repository.ts";

/**
 * The folder with the files of a commit, submodules and (where they are wanted) files of Git LFS included. Made once, moved into
 * place as a whole; its `.git` borrows the objects of the database, so that build backends can ask for tags and history.
 * Throws `E_OFFLINE_MISS`, `E_GIT_…`, `E_AUTH`, `E_NETWORK`.
 */
export async function checkOut(repository: Repository, commit: string, session: Session): Promise<string> {
  const { isLfs } = repository.reference;
  const folder = path.join(repository.checkouts, isLfs ? `${commit}-lfs` : commit);
  if (fs.existsSync(folder)) return folder;
  return repository.alone(async () => {
    if (fs.existsSync(folder)) return folder;
    await obtainCommit(repository, { commit, ref: await refOf(repository, commit) }, session);
    clearAbandoned(repository.checkouts);
    const temporary = path.join(repository.checkouts, `.${randomName(6)}.tmp`);
    try {
      await fill(repository, { commit, temporary }, session);
      fs.renameSync(temporary, folder);
    } finally {
      fs.rmSync(temporary, { recursive: true, force: true });
    }
    return folder;
  });
}

/** Where the remote side has the commit of a pin that names a branch or tag: some servers give nothing by a commit's name. */
async function refOf(repository: Repository, commit: string): Promise<string | undefined> {
  const { url, reference } = repository.reference;
  if (repository.isOffline || (await hasCommit(repository, commit))) return undefined;
  const { stdout } = await repository.git(["ls-remote", "--quiet", "--", url, ...patternsFor(reference)]);
  const found = chooseRef(reference, stdout);
  return found?.commit === commit ? found.ref : undefined;
}

/** Nobody but the holder of the repository's lock makes such folders. */
function clearAbandoned(checkouts: string): void {
  fs.mkdirSync(checkouts, { recursive: true });
  for (const name of fs.readdirSync(checkouts))
    if (/^\..*\.tmp$/.test(name)) fs.rmSync(path.join(checkouts, name), { recursive: true, force: true });
}

interface Filling {
  readonly commit: string;
  readonly temporary: string;
}

async function fill(repository: Repository, { commit, temporary }: Filling, session: Session): Promise<void> {
  const { database, reference, isOffline } = repository;
  const { url, text, isLfs } = reference;
  const doing = `check out ${commit.slice(0, 12)} of ${url}`;
  const here = { cwd: temporary };
  const clone = ["clone", "--quiet", "--shared", "--no-checkout", "--", database, temporary];
  await repository.must(doing, clone, { cwd: path.dirname(temporary), isLocal: true });
  // What is relative in a repository is relative to where it came from.
  await repository.must(doing, ["config", "remote.origin.url", url], here);
  if (isLfs) {
    findGit(await session.use(Host), text, "git-lfs");
    await repository.must(doing, ["lfs", "install", "--local", "--force", "--skip-repo"], here);
  }
  await repository.must(doing, ["checkout", "--quiet", "--force", "--detach", commit], here);
  if (!fs.existsSync(path.join(temporary, ".gitmodules"))) return;
  if (isOffline)
    throw new PybunError("E_OFFLINE_MISS", `the submodules of \`${text}\` were never fetched and the network is off`, {
      context: { url, commit },
    });
  const update = ["submodule", "--quiet", "update", "--init", "--recursive", "--force"];
  await repository.must(`fetch the submodules of ${url}`, update, here);
}
