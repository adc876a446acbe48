// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import { readToolCall } from "../plugin-api/launch/tool-call.ts";
import { readyNamed } from "./fast-named.ts";
import type { Ready } from "./fast-start.ts";

/** A tool whose environment was kept, and is as it was; everything else declines. */
export const readyTool: Ready = async (argv, caller) => {
  const call = readToolCall(argv);
  return call && readyNamed({ words: call.words }, call.args, caller);
};
