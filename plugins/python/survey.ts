import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { isPrereleaseKey, versionKey } from "../../plugin-api/python/version-key.ts";
import { candidates } from "./candidates.ts";
import type { Place } from "./folders.ts";
import { identifyAll, type Unusable } from "./select.ts";

/** Every interpreter that can be found, best first, and what looked like one. */
export interface Survey {
  readonly interpreters: readonly Interpreter[];
  readonly unusable: readonly Unusable[];
}

/** Looks everywhere. Best first: managed, CPython, final releases, newest; then in order of discovery. */
export async function survey(place: Place): Promise<Survey> {
  const answers = await identifyAll(candidates(place), place);
  const interpreters = new Map<string, Interpreter>();
  const unusable: Unusable[] = [];
  for (const answer of answers) {
    if (!("interpreter" in answer)) unusable.push(answer);
    else if (!interpreters.has(answer.interpreter.path)) interpreters.set(answer.interpreter.path, answer.interpreter);
  }
  const ranked = [...interpreters.values()].map((interpreter) => ({ interpreter, rank: rankOf(interpreter) }));
  ranked.sort((a, b) => (a.rank < b.rank ? 1 : a.rank > b.rank ? -1 : 0));
  return { interpreters: ranked.map(({ interpreter }) => interpreter), unusable };
}

function rankOf({ source, implementation, version, tags }: Interpreter): string {
  const key = versionKey(version) ?? "";
  const isTrue = [source === "managed", implementation === "cpython", !isPrereleaseKey(key)];
  return `${isTrue.map(Number).join("")}${key}${tags.isFreeThreaded ? 0 : 1}`;
}
