import { type Interpreter, targetOf } from "../../plugin-api/model/interpreter.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { amendSources } from "../../plugin-api/requirements/amend-sources.ts";
import { demandsOf } from "../../plugin-api/requirements/asked.ts";
import { allowedHashes, areHashesRequired, checkHashes, checkListed } from "../../plugin-api/requirements/hashes.ts";
import { loadRequirements } from "../../plugin-api/requirements/load.ts";
import { requirementsPolicy } from "../../plugin-api/requirements/policy.ts";
import type { Session } from "../../plugin-api/session.ts";

/**
 * What a requirements file leads to here, whose hashes every archive is held to where it has any. Throws
 * `E_REQUIREMENTS_INVALID`, `E_HASH_MISMATCH` and what the stage `resolve` throws.
 */
export async function requirementsPins(
  { file, interpreter }: { readonly file: string; readonly interpreter: Interpreter },
  session: Session,
): Promise<readonly Pin[]> {
  const { entries, options } = await loadRequirements(file, { isConstraint: false }, session);
  await amendSources(options, session);
  const asked = await demandsOf(entries, interpreter, session);
  const isRequired = areHashesRequired(entries, options);
  if (isRequired) checkListed(asked, { ...options, requiresHashes: true });
  const of = (isConstraint: boolean) =>
    asked.flatMap(({ entry, demand }) => (entry.isConstraint === isConstraint ? [demand] : []));
  const [demands, constraints] = [of(false), of(true)];
  const allowed = allowedHashes(asked);
  const { pins } = await session.run("resolve", {
    demands,
    constraints,
    target: targetOf(interpreter),
    interpreter,
    hashes: new Map([...allowed].map(([name, { sha256 }]) => [name, sha256])),
    policy: requirementsPolicy(options, [...demands, ...constraints], false),
  });
  return checkHashes(pins, allowed, { isRequired });
}
