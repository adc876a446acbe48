import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { GitState } from "./git-key.ts";
import { readReference } from "./reference.ts";
import { openRepository } from "./repository.ts";

/**
 * Makes a clone that owes nothing to what PyBun keeps: whoever works in it may do with it what they like. What they have
 * changed in one that is there stays, or git refuses.
 */
const clone: Perform<"git.clone"> = async ({ url: written, folder }, session) => {
  const reference = readReference("", written);
  const { url } = reference;
  const state = await session.use(GitState);
  const commit = await state.commitOf(reference);
  const kept = await state.checkout(reference, commit);
  const repository = await openRepository(reference, session);
  const doing = `clone ${url} into ${folder}`;
  const inside = { cwd: folder, isLocal: true };
  if (fs.existsSync(folder)) {
    const origin = await repository.git(["config", "--get", "remote.origin.url"], inside);
    if (!fs.existsSync(path.join(folder, ".git")) || origin.stdout.trim() !== url)
      throw new PybunError("E_GIT_FAILED", `can't ${doing}: something else is there`, { context: { url, folder } });
  } else {
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    const words = ["clone", "--quiet", "--no-hardlinks", "--no-checkout", "--", kept, folder];
    await repository.must(doing, words, { cwd: path.dirname(folder), isLocal: true });
    await repository.must(doing, ["config", "remote.origin.url", url], inside);
  }
  await repository.must(doing, ["fetch", "--quiet", "--", kept, "HEAD"], inside);
  await repository.must(doing, ["checkout", "--quiet", "--detach", commit], inside);
  return { commit };
};
export default clone;
