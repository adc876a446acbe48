import { parseRequest } from "../../plugin-api/python/interpreter-request.ts";
import type { Around } from "./choose.ts";
import { findVersionFile } from "./version-file.ts";

interface Wanted {
  readonly text: string;
  readonly origin: string;
}

/** What is asked for here, in the order of SPEC PY-11, of what names a version: a path is there or not. */
export async function wantedHere({
  cwd,
  projectRoot,
  place,
  setting,
  projectRequires,
}: Around): Promise<readonly Wanted[]> {
  if (setting) return [setting];
  const file = findVersionFile(cwd, { projectRoot, home: place.home });
  if (file)
    return file.lines.flatMap(({ text, line }) =>
      isVersion(text, { cwd, home: place.home }) ? [{ text, origin: `.python-version:${line}` }] : [],
    );
  const requires = await projectRequires();
  return requires ? [{ text: requires, origin: "requires-python" }] : [];
}

function isVersion(text: string, where: { readonly cwd: string; readonly home: string }): boolean {
  try {
    return parseRequest(text, { ...where, exists: () => false }).kind === "version";
  } catch {
    return false;
  }
}
