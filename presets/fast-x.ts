// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import type { Fast } from "../plugin-api/command.ts";
import { workingDirectory } from "../plugin-api/launch/native.ts";
import { readToolCall } from "../plugin-api/launch/tool-call.ts";
import { startNamed } from "./fast-named.ts";

/** A tool whose environment was kept, and is as it was, starts at once; everything else declines. */
const fast: Fast = async (argv, env) => {
  const call = readToolCall(argv);
  const cwd = workingDirectory();
  if (call === undefined || cwd === undefined) return undefined;
  return startNamed({ words: call.words }, call.args, { env, cwd });
};
export default fast;
