import fs from "node:fs";
import path from "node:path";
import { packDx } from "../../plugin-api/dx/dx.ts";
import type { EditedFiles } from "../../plugin-api/project/change.ts";
import { digestOf } from "../../plugin-api/system/journal.ts";
import type { ChangedFile } from "../../plugin-api/system/project-change.ts";
import type { EditTarget } from "./target.ts";

/** The project's file with new text, and its binary form made anew where there is one (SPEC PDX-04). */
export async function editedFiles(
  { member, was }: EditTarget,
  text: string,
  typed: ReadonlySet<string>,
): Promise<EditedFiles> {
  const { file, folder } = member;
  const texts = new Map([[file, text]]);
  const binary = path.join(folder, "pyproject.dx");
  const own = fs.realpathSync(file);
  const first: ChangedFile = { file: own, content: file === binary ? await packed(text) : text, was };
  if (file === binary || !fs.existsSync(binary)) return { files: [first], texts, typed };
  const second = { file: fs.realpathSync(binary), content: await packed(text), was: digestOf(binary) };
  return { files: [first, second], texts, typed };
}

const packed = (text: string): Promise<Uint8Array> => packDx(Buffer.from(text), { path: "pyproject.toml" });
