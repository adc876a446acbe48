import fs from "node:fs";

/** What is in a folder, with its kind; nothing where there is no folder, or none that may be read. */
export function entriesIn(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The names in a folder; none where there is no folder, or none that may be read. */
export const namesIn = (folder: string): readonly string[] => entriesIn(folder).map(({ name }) => name);
