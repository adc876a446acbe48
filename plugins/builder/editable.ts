import fs from "node:fs";
import path from "node:path";
import source from "./python/static_editable.py" with { type: "text" };
import { type HookAnswer, HookFailed, type HookPlace, runHook } from "./run-hook.ts";

/** The same without the backend's help (SPEC BLD-12): its metadata, and a path file with the folder of the modules. */
export async function buildStatically(metadata: string, hooks: HookPlace, folder: string): Promise<HookAnswer> {
  const [info] = fs.readdirSync(metadata).filter((name) => name.endsWith(".dist-info"));
  if (info === undefined) throw new HookFailed("its backend gave no metadata");
  const own = path.join(hooks.scratch, "static-editable");
  fs.mkdirSync(own);
  fs.writeFileSync(path.join(own, "static_editable.py"), source);
  const system = { requires: [], backend: "static_editable", backendPath: [own] };
  return runHook(system, { hook: "build_editable", args: [folder, path.join(metadata, info)] }, hooks);
}
