import { createHash } from "node:crypto";
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import type { ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import type { SettingsTable } from "../../plugin-api/services.ts";

/** Bumped when an environment of the same inputs would be laid out in another way. */
const LAYOUT = 1;

/**
 * SHA-256 of the sorted requirements with interpreter, policy and every setting declared to decide packages: 64
 * hexadecimal digits (SPEC SCR-02). A local file counts by its time and size, since its content is what is installed.
 */
export function environmentKey(inputs: {
  readonly demands: readonly Demand[];
  readonly interpreter: Interpreter;
  readonly policy: Partial<ResolutionPolicy>;
  readonly settings: SettingsTable;
}): string {
  const deciding = inputs.settings.entries.filter(({ option }) => option.decidesPackages);
  const facts = {
    layout: LAYOUT,
    dependencies: inputs.demands.map((demand) => formatRequirement(demand.requirement) + localState(demand)).sort(),
    interpreter: inputs.interpreter.identity,
    settings: deciding.map(({ key, value }) => [key, value ?? null]).sort(byName),
    policy: Object.entries(inputs.policy).sort(byName),
  };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}

const byName = ([a]: readonly unknown[], [b]: readonly unknown[]): number => (String(a) < String(b) ? -1 : 1);

function localState({ requirement }: Demand): string {
  if (!requirement.url?.startsWith("file:")) return "";
  try {
    const { mtimeMs, size } = fs.statSync(fileURLToPath(requirement.url.replace(/#.*$/, "")));
    return ` ${mtimeMs} ${size}`;
  } catch {
    // Whoever installs it says best what is wrong with the URL.
    return "";
  }
}
