import type { Perform } from "../../plugin-api/plugin.ts";
import { wheelOfSource } from "../../plugin-api/source-build.ts";
import { GitState } from "./git-key.ts";
import { contentOf } from "./inspect.ts";
import { referenceOf } from "./reference.ts";

/** Builds the wheel of a commit; it is kept under the commit, and not built again. */
const makeArtifact: Perform<"fetch.artifact"> = async ({ pin, interpreter }, session) => {
  const { name, version, source } = pin;
  if (source.kind !== "git") return undefined;
  const state = await session.use(GitState);
  const folder = await state.checkout(referenceOf(name, source), source.commit);
  const { subdirectory } = source;
  const below = subdirectory === undefined ? {} : { subdirectory };
  const build = {
    name,
    version,
    path: folder,
    ...below,
    interpreter,
    want: "wheel",
    content: contentOf(source),
  } as const;
  return { pin, entry: await wheelOfSource(build, session) };
};
export default makeArtifact;
