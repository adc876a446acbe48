import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { sourceOf } from "./candidates.ts";
import type { Place } from "./folders.ts";
import { identifyPath } from "./identify.ts";

/** The interpreter behind an environment: the one that further environments are made with. */
export async function baseOf(root: string, place: Place): Promise<Interpreter | undefined> {
  const found = await identifyPath(root, "active", place);
  if (!("interpreter" in found)) return undefined;
  const { basePath } = found.interpreter;
  const base = await identifyPath(basePath, sourceOf(basePath, { source: "active" }, place), place);
  return "interpreter" in base ? base.interpreter : undefined;
}
