import fs from "node:fs";
import path from "node:path";
import { packDx } from "../dx/dx.ts";
import { type ProjectFileText, readProjectText } from "../dx/project-file.ts";
import { PybunError } from "../error.ts";
import { sha256Of } from "../hash/native.ts";
import { digestOf } from "../system/journal.ts";
import type { ChangedFile } from "../system/project-change.ts";

/** The text of a project's file, and its files with another text. */
export interface EditableProject extends ProjectFileText {
  /**
   * The files as they shall be for a new text, for `ProjectChanges`: `pyproject.toml` unless the project is in binary form only,
   * and `pyproject.dx` where there is one (SPEC PDX-04). Throws `E_DX_SOURCE` when the text is no TOML.
   */
  with(text: string): Promise<readonly ChangedFile[]>;
}

/**
 * Reads a project's file to change it; undefined where a folder has none. Throws what `readProjectText` throws, and
 * `E_PROJECT_INVALID` for a file that is not UTF-8: what is unknown in it would be lost.
 */
export function openEditableProject(folder: string, show?: (file: string) => string): EditableProject | undefined {
  const files = ["pyproject.toml", "pyproject.dx"].map((name) => realPath(path.join(folder, name)));
  // Before they are read: what somebody else writes meanwhile is then found to be another.
  const were = files.map(digestOf);
  const found = readProjectText(folder, show);
  if (found === undefined) return undefined;
  const [toml = ""] = files;
  if (were[0] !== "" && sha256Of(found.text) !== were[0] && digestOf(toml) === were[0])
    throw new PybunError(
      "E_PROJECT_INVALID",
      `${(show ?? path.basename)(found.file)} is not UTF-8, as TOML has to be`,
      {
        file: found.file,
      },
    );
  return {
    ...found,
    with: async (text) =>
      Promise.all(
        files.flatMap((file, index) => {
          const was = were[index] as string;
          if (was === "") return [];
          const content = file.endsWith(".dx") ? packDx(Buffer.from(text), { path: "pyproject.toml" }) : text;
          return [Promise.resolve(content).then((each): ChangedFile => ({ file, content: each, was }))];
        }),
      ),
  };
}

/** What a link leads to is changed, not the link. */
const realPath = (file: string): string => (fs.existsSync(file) ? fs.realpathSync(file) : file);
