import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { contentOfUsersFile, writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";

/** A file that was read, and how messages name it. */
export interface Source {
  readonly path: string;
  readonly shown: string;
  readonly bytes: Buffer;
}

export const shownPath = (file: string, cwd: string): string => showPath(file, { cwd, home: "" });

/** Reads a whole file. Throws `E_DPP_PLACE` where it is not there or a folder. */
export function readSource(operand: string, cwd: string): Source {
  const file = path.resolve(cwd, operand);
  const shown = shownPath(file, cwd);
  try {
    return { path: file, shown, bytes: fs.readFileSync(file) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new PybunError("E_DPP_PLACE", `there is no file \`${shown}\``, { file });
    if (code === "EISDIR") throw new PybunError("E_DPP_PLACE", `\`${shown}\` is a folder`, { file });
    throw error;
  }
}

/** Writes a file as a whole unless it has that content; gives whether it was written. Throws `E_DPP_PLACE` where another one is. */
export function writeResult(
  output: { readonly path: string; readonly shown: string },
  bytes: Buffer,
  mayReplace: boolean,
): boolean {
  const there = fs.statSync(output.path, { throwIfNoEntry: false });
  if (there?.isDirectory())
    throw new PybunError("E_DPP_PLACE", `\`${output.shown}\` is a folder`, { file: output.path });
  if (there?.size === bytes.length && contentOfUsersFile(output.path)?.equals(bytes)) return false;
  if (there?.isFile() && !mayReplace)
    throw new PybunError("E_DPP_PLACE", `\`${output.shown}\` is there already, with another content`, {
      file: output.path,
      hints: ["name another file with `--output`, or replace it with `--force`"],
    });
  if (!fs.existsSync(path.dirname(output.path)))
    throw new PybunError("E_DPP_PLACE", `there is no folder for \`${output.shown}\``, { file: output.path });
  writeUsersFile(output.path, bytes);
  return true;
}
