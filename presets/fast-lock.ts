// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import { lockCall, readLockNote } from "../plugin-api/launch/lock-note.ts";
import { workingDirectory } from "../plugin-api/launch/native.ts";
import { sayPlainly } from "../plugin-api/launch/say.ts";

/** A lock that was up to date and of which nothing changed since is said to be so again; everything else declines. */
export default async function fast(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number | undefined> {
  const cwd = workingDirectory();
  const line = cwd === undefined ? undefined : await readLockNote(lockCall(argv, cwd, env), env);
  if (line === undefined) return undefined;
  return sayPlainly(`Up to date: ${line} in ${Math.round(performance.now())}ms`) ? 0 : undefined;
}
