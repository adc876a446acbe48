import fs from "node:fs";
import { PybunError } from "../../plugin-api/error.ts";
import { type Interpreter, targetOf } from "../../plugin-api/model/interpreter.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { DEFAULT_POLICY, type Pin } from "../../plugin-api/model/resolution.ts";
import {
  entriesWithoutHash,
  loadRequirementsFile,
  type RequirementsEntry,
} from "../../plugin-api/python/requirements-file.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { typedDemand } from "../../plugin-api/typed-requirement.ts";

/**
 * What a requirements file leads to here, whose hashes every archive is held to where it has any. Throws
 * `E_REQUIREMENTS_INVALID`, `E_HASH_MISMATCH` and what the stage `resolve` throws.
 */
export async function requirementsPins(
  { file, shown, interpreter }: { readonly file: string; readonly shown: string; readonly interpreter: Interpreter },
  session: Session,
): Promise<readonly Pin[]> {
  const { env } = await session.use(Host);
  const read = async (name: string): Promise<Uint8Array> => {
    if (/^https?:/i.test(name))
      throw new PybunError("E_REQUIREMENTS_INVALID", `${shown} names ${name}, which is not on this machine`);
    return fs.readFileSync(name);
  };
  const loaded = await loadRequirementsFile({ file, cwd: session.cwd, env }, read);
  const [bare] = entriesWithoutHash(loaded);
  if (bare)
    throw new PybunError("E_REQUIREMENTS_INVALID", `${shown}:${bare.line} has no hash, and others in the file have`, {
      file,
      line: bare.line,
      evidence: [bare.text],
    });
  const { entries, options } = loaded;
  const demands = await Promise.all(entries.map((entry) => demandOf(entry, session)));
  const of = (isConstraint: boolean) => demands.filter((_, i) => entries[i]?.isConstraint === isConstraint);
  const { pins } = await session.run("resolve", {
    demands: of(false),
    constraints: of(true),
    target: targetOf(interpreter),
    interpreter,
    policy: {
      ...DEFAULT_POLICY,
      noBinary: options.noBinary,
      noBuild: options.onlyBinary,
      prefersBinary: options.prefersBinary,
      ...(options.allowsPrereleases && { prerelease: "allow" as const }),
    },
  });
  checkHashes(pins, entries, demands);
  return pins;
}

async function demandOf({ subject, text, file, line, isEditable }: RequirementsEntry, session: Session) {
  const origin = `${file.split(/[/\\]/).at(-1)}:${line}`;
  if (subject.kind === "requirement") return { requirement: subject.requirement, text, origin };
  const url = isEditable ? `${subject.url}#editable=true` : subject.url;
  const { requirement } = await typedDemand(url, { command: "sync", session });
  return { requirement: { ...requirement, extras: subject.extras, marker: subject.marker }, text, origin };
}

/** A file that no hash is for may not be installed, what nobody listed either. */
function checkHashes(pins: readonly Pin[], entries: readonly RequirementsEntry[], demands: readonly Demand[]): void {
  const allowed = new Map<string, Set<string>>();
  for (const [i, { hashes }] of entries.entries())
    for (const digest of hashes["sha256"] ?? []) {
      const name = demands[i]?.requirement.name ?? "";
      allowed.set(name, (allowed.get(name) ?? new Set()).add(digest));
    }
  if (allowed.size === 0) return;
  for (const { name, version, file } of pins) {
    const known = allowed.get(name);
    if (file.sha256 !== undefined && known?.has(file.sha256)) continue;
    const why = known ? "is none of the files whose hashes are listed" : "is needed, and not listed with a hash";
    throw new PybunError("E_HASH_MISMATCH", `\`${name} ${version}\` ${why}`, {
      evidence: [`file    ${file.filename}`, `sha256  ${file.sha256 ?? "not stated by the index"}`],
    });
  }
}
