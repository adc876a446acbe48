import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { matches } from "../../plugin-api/python/interpreter-request.ts";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import type { Misfit, PythonRequest } from "../../plugin-api/services.ts";
import { type Around, choose } from "./choose.ts";
import { findVersionFile } from "./version-file.ts";
import { type Asked, readWish } from "./wishes.ts";

/** Who asks, in the order of SPEC PY-11, for a Python that this one is not; undefined when it will do. */
export async function misfitOf(
  interpreter: Interpreter,
  asked: PythonRequest,
  around: Around,
): Promise<Misfit | undefined> {
  const requests = requestsOf(asked, around);
  const [first] = requests;
  if (first) {
    for (const request of requests) if (await grants(request, interpreter, around)) return undefined;
    return { request: first.text, origin: first.origin };
  }
  const requires = asked.requiresPython ?? (await around.projectRequires());
  if (!requires || satisfies(parseSpecifier(requires), interpreter.version)) return undefined;
  return { request: requires, origin: asked.requiresPythonOrigin ?? "requires-python" };
}

/** Any of them will do. */
function requestsOf(asked: PythonRequest, { cwd, projectRoot, place, setting }: Around): readonly Asked[] {
  if (asked.request !== undefined) return [{ text: asked.request, origin: asked.origin ?? "the request", cwd }];
  if (setting) return [{ ...setting, cwd }];
  if (asked.isScript && asked.requiresPython) return [];
  const file = findVersionFile(cwd, { projectRoot, home: place.home });
  return (file?.lines ?? []).map(({ text, line }) => ({ text, origin: `.python-version:${line}`, cwd }));
}

async function grants(asked: Asked, interpreter: Interpreter, around: Around): Promise<boolean> {
  const wish = readWish(asked, around.place);
  if (wish.kind === "version") return matches(wish, interpreter);
  const meant = await choose({ request: asked.text, origin: asked.origin }, around).catch(() => undefined);
  return meant?.interpreter.basePath === interpreter.basePath;
}
