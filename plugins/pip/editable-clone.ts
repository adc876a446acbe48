import path from "node:path";
import { pathToFileURL } from "node:url";
import { PybunError } from "../../plugin-api/error.ts";
import { isGitUrl, parseGitUrl } from "../../plugin-api/python/git-url.ts";
import type { RequirementsEntry } from "../../plugin-api/python/requirements-file.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Place } from "./place.ts";

/** Where clones go: the folder that is typed, else one in the environment, as pip has it. */
const sourcesFolder = ({ existing, destination, kind }: Place, typed: string | undefined, cwd: string): string => {
  if (typed !== undefined) return path.resolve(cwd, typed);
  return path.join(kind === "environment" ? (existing?.root ?? destination.root) : cwd, "src");
};

/**
 * `-e git+…`: a clone to work in, from which the project is installed as from any other folder. Throws `E_REQUIREMENTS_INVALID` for
 * other kinds of repositories, and what the stage `git.clone` throws.
 */
export async function withClones(
  entries: readonly RequirementsEntry[],
  { place, src }: { readonly place: Place; readonly src: string | undefined },
  session: Session,
): Promise<readonly RequirementsEntry[]> {
  const folder = sourcesFolder(place, src, session.cwd);
  return Promise.all(
    entries.map(async (entry) => {
      const { subject, isEditable } = entry;
      const url = subject.kind === "unnamed" ? subject.url : subject.requirement.url;
      if (!isEditable || url === undefined || /^file:/i.test(url)) return entry;
      if (!isGitUrl(url))
        throw new PybunError("E_REQUIREMENTS_INVALID", `\`${entry.text}\` is in a repository that is none of git's`);
      return { ...entry, subject: await cloned(subject, { url, folder }, session) };
    }),
  );
}

type Subject = RequirementsEntry["subject"];

async function cloned(
  subject: Subject,
  { url, folder }: { readonly url: string; readonly folder: string },
  session: Session,
): Promise<Subject> {
  const { url: address, subdirectory } = parseGitUrl(url);
  const own = path.posix.basename(new URL(address).pathname).replace(/\.git$/, "");
  const name = subject.kind === "requirement" ? subject.requirement.name : own;
  const clone = path.join(folder, name);
  await session.run("git.clone", { url, folder: clone });
  const at = pathToFileURL(path.join(clone, subdirectory ?? "")).href;
  if (subject.kind === "unnamed") return { ...subject, url: at };
  return { ...subject, requirement: { ...subject.requirement, url: at } };
}
