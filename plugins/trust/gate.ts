import type { Artifact } from "../../plugin-api/model/environment.ts";
import type { StoreLayout } from "../../plugin-api/model/store-layout.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import { Store } from "../../plugin-api/services.ts";
import { isStdlibName } from "./stdlib.ts";

/** A file or folder of a wheel that may act without being imported by anybody. */
export interface Suspect {
  readonly artifact: Artifact;
  /** `hook`: the store found one; `paths`: a `.pth` file without code; `shadow`: a module named like one of the standard library. */
  readonly kind: "hook" | "paths" | "shadow";
  /** Relative to the entry's tree. */
  readonly path: string;
}

/** Before anything is written (SPEC SEC-05): whoever brings nothing of the kind costs a look at some names. */
const gate: Prepare<"link"> = async (input, session) => {
  const store = await session.use(Store);
  const suspects = input.artifacts.flatMap((artifact) => suspectsOf(artifact, store.layout(artifact.entry)));
  if (suspects.length > 0) await (await import("./admit.ts")).admit({ input, suspects, store }, session);
  return input;
};
export default gate;

export function suspectsOf(artifact: Artifact, layout: StoreLayout): readonly Suspect[] {
  const { startupHooks, files, folders, data } = layout;
  const found: Suspect[] = startupHooks.map((path) => ({ artifact, kind: "hook", path }));
  const isNew = (path: string): boolean => !startupHooks.includes(path);
  for (const path of files) {
    if (path.endsWith(".pth") && isNew(path)) found.push({ artifact, kind: "paths", path });
    if (isStdlibName(moduleOf(path))) found.push({ artifact, kind: "shadow", path });
  }
  for (const path of folders) if (isStdlibName(path)) found.push({ artifact, kind: "shadow", path });
  for (const { tree } of data)
    if (PATHS_ELSEWHERE.test(tree) && isNew(tree)) found.push({ artifact, kind: "paths", path: tree });
  return found;
}

/** Files of the data scheme can reach site-packages, too. */
const PATHS_ELSEWHERE = /\/data\/(?:.*\/)?(?:site|dist)-packages\/[^/]+\.pth$/i;
const MODULE = /^([^.]+)\.(?:py|pyc|(?:[^/]+\.)?(?:so|pyd))$/;

/** `json` of `json.py` and `json.cpython-312-x86_64-linux-gnu.so`; empty for what can't be imported. */
const moduleOf = (file: string): string => MODULE.exec(file)?.[1] ?? "";
