import { PybunError } from "../../plugin-api/error.ts";
import type { Asked } from "../../plugin-api/requirements/asked.ts";

/** pip's rules for constraints: a name, without extras, nothing editable. Throws `E_REQUIREMENTS_INVALID`. */
export function checkConstraints(asked: readonly Asked[]): void {
  for (const { entry, demand } of asked) {
    if (!entry.isConstraint) continue;
    const { file, line, text, isEditable, subject } = entry;
    const { extras } = demand.requirement;
    const isWrong = isEditable || subject.kind === "unnamed" || extras.length > 0;
    if (!isWrong) continue;
    const why = extras.length > 0 ? "has extras" : isEditable ? "is editable" : "has no name";
    const place = `${file.split(/[/\\]/).at(-1)}:${line}`;
    throw new PybunError("E_REQUIREMENTS_INVALID", `${place} can't be a constraint: \`${text}\` ${why}`, {
      file,
      line,
    });
  }
}
