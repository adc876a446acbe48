import path from "node:path";
import type { Interpreter } from "../model/interpreter.ts";
import type { Demand, PackageName, Requirement } from "../model/requirement.ts";
import type { RequirementsEntry } from "../python/requirements-file.ts";
import type { Session } from "../session.ts";

/** An entry with the demand it is; the entry's hashes are those of the package's name. */
export interface Asked {
  readonly entry: RequirementsEntry;
  readonly demand: Demand;
}

/** Finds out what unnamed places hold. Throws what `fetch.versions` throws. */
export async function demandsOf(
  entries: readonly RequirementsEntry[],
  interpreter: Interpreter,
  session: Session,
): Promise<readonly Asked[]> {
  return Promise.all(
    entries.map(async (entry) => {
      const requirement = await requirementOf(entry, interpreter, session);
      const origin = entry.file === "" ? "command line" : `${path.basename(entry.file)}:${entry.line}`;
      const { file } = entry;
      return { entry, demand: { requirement, text: entry.text, origin, ...(path.isAbsolute(file) && { file }) } };
    }),
  );
}

async function requirementOf(
  { subject, isEditable }: RequirementsEntry,
  interpreter: Interpreter,
  session: Session,
): Promise<Requirement> {
  if (subject.kind === "requirement") {
    const { requirement } = subject;
    if (!isEditable || requirement.url === undefined) return requirement;
    return { ...requirement, url: editableUrl(requirement.url) };
  }
  const url = isEditable ? editableUrl(subject.url) : subject.url;
  const { extras, marker } = subject;
  const nameless = { name: "" as PackageName, extras: [], specifier: "", marker: "", url };
  const [page] = await session.run("fetch.versions", { name: nameless.name, requirement: nameless, interpreter });
  return { name: (page as NonNullable<typeof page>).name, extras, specifier: "", marker, url };
}

const editableUrl = (url: string): string => `${url}${url.includes("#") ? "&" : "#"}editable=true`;
