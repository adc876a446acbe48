import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";

export async function compile(_entries: readonly StoreEntry[], _interpreter: Interpreter, _mode: "wait" | "detach") {
  return { compiled: 0, failed: 0 };
}
