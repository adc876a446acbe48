import path from "node:path";
import type { Demand } from "../model/requirement.ts";
import type { RequirementsEntry, RequirementsFile } from "../python/requirements-file.ts";
import type { Session } from "../session.ts";
import { typedDemand } from "../typed-requirement.ts";
import { loadRequirements } from "./load.ts";

/** What requirements files and constraints files say. */
export interface Listed {
  readonly demands: readonly Demand[];
  readonly constraints: readonly Demand[];
}
export interface Listing {
  readonly requirements: readonly string[];
  readonly constraints: readonly string[];
  /** Path of the command, for errors. */
  readonly command: string;
  /** Folders to be installed as editable (`-e`) are; else they are installed as they lie there. */
  readonly takesEditable?: boolean;
  /** Told of each file of requirements, before its lines are looked at. */
  readonly onFile?: (name: string, file: RequirementsFile) => void | Promise<void>;
}

/** Reads requirements files where no Python has been chosen yet. Throws `E_REQUIREMENTS_INVALID`, `E_USAGE`, and what looking at a place throws. */
export async function readListed(listing: Listing, session: Session): Promise<Listed> {
  const demands: Demand[] = [];
  const constraints: Demand[] = [];
  for (const isConstraint of [false, true])
    for (const name of isConstraint ? listing.constraints : listing.requirements) {
      const file = await loadRequirements(name, { isConstraint }, session);
      if (!isConstraint) await listing.onFile?.(name, file);
      for (const entry of file.entries)
        (entry.isConstraint ? constraints : demands).push(await demandOf(entry, listing, session));
    }
  return { demands, constraints };
}

async function demandOf(
  entry: RequirementsEntry,
  { command, takesEditable = false }: Listing,
  session: Session,
): Promise<Demand> {
  const { subject, text, isEditable } = entry;
  const origin = `${path.basename(entry.file)}:${entry.line}`;
  if (subject.kind === "requirement") return { requirement: subject.requirement, text, origin };
  const { extras, marker } = subject;
  const found = await typedDemand(subject.url, { command, session });
  const { url } = found.requirement;
  const editable = takesEditable &&
    isEditable &&
    url !== undefined && { url: `${url}${url.includes("#") ? "&" : "#"}editable=true` };
  return { ...found, requirement: { ...found.requirement, extras, ...editable, marker }, origin };
}
