import { createHash } from "node:crypto";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import type { ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import type { SettingsTable } from "../../plugin-api/services.ts";

/** Bumped when an environment of the same inputs would be laid out in another way. */
const LAYOUT = 1;

/** Settings that decide where packages come from; the same requirements from elsewhere are another environment. */
const SOURCES = ["index-url", "extra-index-url", "find-links", "no-index", "index-strategy", "index", "link.mode"];

/** SHA-256 of the sorted requirements with interpreter, indexes and policy: 64 hexadecimal digits (SPEC SCR-02). */
export function environmentKey(inputs: {
  readonly demands: readonly Demand[];
  readonly interpreter: Interpreter;
  readonly policy: Partial<ResolutionPolicy>;
  readonly settings: SettingsTable;
}): string {
  const facts = {
    layout: LAYOUT,
    dependencies: inputs.demands.map(({ text }) => text.trim()).sort(),
    interpreter: inputs.interpreter.identity,
    sources: SOURCES.map((key) => [key, inputs.settings.get(key)?.value ?? null]),
    policy: Object.entries(inputs.policy).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}
