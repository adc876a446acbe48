import type { EditedFiles } from "../../plugin-api/project/change.ts";
import type { EditTarget } from "./target.ts";

/** The project's files with new text. */
export async function editedFiles(
  { member, editable }: EditTarget,
  text: string,
  typed: ReadonlySet<string>,
): Promise<EditedFiles> {
  return { files: await editable.with(text), texts: new Map([[member.file, text]]), typed };
}
