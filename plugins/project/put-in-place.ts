import fs from "node:fs";
import path from "node:path";
import { ProjectChanges } from "../../plugin-api/project/change.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { ChangedFile } from "../../plugin-api/system/project-change.ts";
import type { NewFile } from "./new-files.ts";
import type { Where } from "./where.ts";

interface Placing {
  readonly where: Where;
  readonly files: readonly NewFile[];
  /** What changes elsewhere in the same step: the workspace's file. */
  readonly more: readonly ChangedFile[];
}

/** Writes all files of a new project, or none. A file that came to be meanwhile is not written over (`E_PROJECT_CHANGED`). */
export async function putInPlace({ where, files, more }: Placing, session: Session): Promise<void> {
  const targets = files.map(([file, content]) => ({ file: path.join(where.folder, file), content, was: "" }));
  const folders = new Set(targets.map(({ file }) => path.dirname(file)));
  const made = [...folders].flatMap((folder) => fs.mkdirSync(folder, { recursive: true }) ?? []);
  const root = more.length > 0 && where.workspace ? where.workspace.root : where.folder;
  const scope = { extra: [], group: [], package: [] };
  const changes = await session.use(ProjectChanges);
  try {
    await changes.apply({ root, files: [...targets, ...more], reach: "files", isDryRun: false, ...scope });
  } catch (error) {
    dropIfEmpty(path.join(root, ".pybun"));
    for (const folder of folders) removeEmpty(folder, made);
    throw error;
  }
  // Where no environment follows, nothing is left that nobody asked for.
  dropIfEmpty(path.join(root, ".pybun"));
}

/** From inside to outside, as far as it was made for the project. */
function removeEmpty(folder: string, made: readonly string[]): void {
  for (let at = folder; made.some((each) => at === each || at.startsWith(each + path.sep)); at = path.dirname(at))
    if (!dropIfEmpty(at)) return;
}

function dropIfEmpty(folder: string): boolean {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
