import fs from "node:fs";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import {
  loadRequirementsFile,
  type RequirementsEntry,
  type RequirementsFile,
} from "../../plugin-api/python/requirements-file.ts";
import { Host, Http } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { typedDemand } from "../../plugin-api/typed-requirement.ts";

/** What requirements files and constraints files say. */
export interface Listed {
  readonly demands: readonly Demand[];
  readonly constraints: readonly Demand[];
}

/** Throws `E_REQUIREMENTS_INVALID`, `E_USAGE`, and what looking at a place throws. */
export async function readListed(
  files: { readonly requirements: readonly string[]; readonly constraints: readonly string[] },
  session: Session,
): Promise<Listed> {
  const demands: Demand[] = [];
  const constraints: Demand[] = [];
  for (const isConstraint of [false, true])
    for (const named of isConstraint ? files.constraints : files.requirements) {
      const read = await load(named, isConstraint, session);
      if (!isConstraint) tellPassedOver(named, read, session);
      for (const entry of read.entries)
        (entry.isConstraint ? constraints : demands).push(await demandOf(entry, session));
    }
  return { demands, constraints };
}

async function load(named: string, isConstraint: boolean, session: Session): Promise<RequirementsFile> {
  const { env, home } = await session.use(Host);
  const isUrl = /^https?:/i.test(named);
  const file = isUrl ? named : path.resolve(session.cwd, named);
  const read = async (place: string): Promise<Uint8Array> => {
    if (/^https?:/i.test(place)) return download(place, session);
    try {
      return fs.readFileSync(place);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      throw new PybunError(
        "E_REQUIREMENTS_INVALID",
        `there is no file ${showPath(place, { cwd: session.cwd, home })}`,
        {
          hints: ["see `pybun help add`"],
          context: { path: place },
        },
      );
    }
  };
  return loadRequirementsFile({ file, cwd: session.cwd, env, isConstraint }, read);
}

async function download(url: string, session: Session): Promise<Uint8Array> {
  const { status, body } = await (await session.use(Http)).get(url);
  if (status === 200) return body;
  throw new PybunError("E_REQUIREMENTS_INVALID", `the server answered ${status} for ${url}`, {
    context: { url, status },
  });
}

async function demandOf({ subject, text, file, line }: RequirementsEntry, session: Session): Promise<Demand> {
  const origin = `${path.basename(file)}:${line}`;
  if (subject.kind === "requirement") return { requirement: subject.requirement, text, origin };
  const extras = subject.extras.length === 0 ? "" : `[${subject.extras.join(",")}]`;
  const found = await typedDemand(`${subject.url}${extras}`, { command: "add", session });
  return { ...found, requirement: { ...found.requirement, marker: subject.marker }, origin };
}

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
