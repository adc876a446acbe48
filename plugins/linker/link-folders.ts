import fs from "node:fs";
import { type Linking, linkNames, makeFolders } from "./native.ts";

/**
 * Makes folders that `source` has in `target`, with links to all that is in them: whatever is no folder can be linked, a link, too.
 * `names` are followed by a line feed each. False where there is too much in them, or one can't be made: others may have been.
 */
export function linkFolders(names: string, linking: Linking): boolean {
  const found = { folders: [] as string[], files: [] as string[] };
  try {
    for (const name of names.split("\n").slice(0, -1)) collect(linking.source, name, found);
  } catch {
    return false;
  }
  if (found.files.length + found.folders.length > MOST) return false;
  const [folders, files] = [listed(found.folders), listed(found.files)];
  if (folders === undefined || files === undefined) return false;
  return makeFolders(folders, linking.target) && linkNames(files, linking);
}

/** What nobody expects in a dozen folders of metadata. */
const MOST = 1000;

interface Found {
  readonly folders: string[];
  readonly files: string[];
}

function collect(source: string, folder: string, found: Found): void {
  found.folders.push(folder);
  for (const entry of fs.readdirSync(`${source}/${folder}`, { withFileTypes: true })) {
    const place = `${folder}/${entry.name}`;
    if (entry.isDirectory()) collect(source, place, found);
    else found.files.push(place);
  }
}

/** Undefined where a name can't stand in a list. */
export const listed = (names: readonly string[]): string | undefined =>
  names.some((name) => name.includes("\n")) ? undefined : names.map((name) => `${name}\n`).join("");
