import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Bootstrap } from "../../plugin-api/stages.ts";
import { DENIED, type LazyPolicy } from "./policy.ts";
import rewriter from "./python/rewrite.py" with { type: "text" };
import source from "./python/runtime.py" with { type: "text" };

/** Names the file into which a run that is recorded writes which imports waited; taken away before the program begins. */
export const RECORD = "PYBUN_LAZY_RECORD";

/** The code that has imports wait, for one policy. What it makes of modules lies in the data directory. */
export function bootstrapOf(policy: LazyPolicy, dataDir: string, isRecorded: boolean): Bootstrap {
  const { mode, allow, importers, fallback, logImports } = policy;
  const config = {
    mode,
    allow,
    core: DENIED,
    deny: policy.deny,
    importers,
    fallback,
    log: logImports,
    cache: path.join(dataDir, "lazy"),
    // What decides the rewritten code: equal texts make equal code.
    policy: sha256Of(JSON.stringify([mode, allow, DENIED, rewriter])).slice(0, 16),
    rewriter,
    ...(isRecorded && { record: RECORD }),
  };
  // What is loaded ahead would not be told of, and can't be refused.
  const isForkable = !isRecorded && !logImports && fallback;
  return { name: "lazy", source, config, ...(isForkable && { isForkable }) };
}
