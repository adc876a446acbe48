import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import type { RequirementsFile } from "../../plugin-api/python/requirements-file.ts";
import { type Listed, type Listing, readListed as readFiles } from "../../plugin-api/requirements/listed.ts";
import type { Session } from "../../plugin-api/session.ts";

/** Throws `E_REQUIREMENTS_INVALID`, `E_USAGE`, and what looking at a place throws. */
export const readListed = (
  { requirements, constraints }: Pick<Listing, "requirements" | "constraints">,
  session: Session,
): Promise<Listed> =>
  readFiles(
    {
      requirements,
      constraints,
      command: "add",
      takesEditable: true,
      onFile: (name, file) => tellPassedOver(name, file, session),
    },
    session,
  );

/** Where packages come from is configured, and which files of them are meant is locked: a project's lists say neither. */
function tellPassedOver(named: string, { entries, options }: RequirementsFile, session: Session): void {
  const hasHashes = entries.some(({ hashes }) => Object.keys(hashes).length > 0);
  const { indexUrl, extraIndexUrls, findLinks } = options;
  const hasIndexes = indexUrl !== undefined || extraIndexUrls.length + findLinks.length > 0;
  const what = [...(hasIndexes ? ["its indexes"] : []), ...(hasHashes ? ["its hashes"] : [])];
  if (what.length === 0) return;
  const words = `${what.join(" and ")} in ${path.basename(named)} are passed over`;
  session.emit({ type: "Diagnostic", diagnostic: warning("W_REQUIREMENTS_PASSED_OVER", words) });
}
