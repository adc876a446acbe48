import fs from "node:fs";
import path from "node:path";

/** Where a change of a project's files is told of while it is carried out: for whoever comes after a crash. */
export const markOf = (root: string): string => path.join(root, ".pybun", "change.json");

/** Whether a change of the project was begun, and may have been left in the middle: one look at the disk. */
export const isProjectChanging = (root: string): boolean => fs.existsSync(markOf(root));
