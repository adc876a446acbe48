import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { isTable, openProjectText, placed } from "../../plugin-api/project/project-text.ts";
import { expandDependencyGroup } from "../../plugin-api/python/dependency-groups.ts";
import type { RequirementsEntry } from "../../plugin-api/python/requirements-file.ts";
import { readSubject } from "../../plugin-api/python/requirements-file-subject.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";

/** What a dependency group asks for (PEP 735), `[PATH:]GROUP` as pip takes it. Throws `E_REQUIREMENTS_INVALID`, `E_PROJECT_INVALID`. */
export function groupEntries(written: string, cwd: string): readonly RequirementsEntry[] {
  const at = written.lastIndexOf(":");
  const [place, name] = at < 0 ? ["pyproject.toml", written] : [written.slice(0, at), written.slice(at + 1)];
  const file = path.resolve(cwd, place);
  const shown = showPath(file, { cwd, home: "" });
  const refused = (why: string): PybunError =>
    new PybunError("E_REQUIREMENTS_INVALID", `\`--group ${written}\` can't be read: ${why}`, { file });
  if (path.basename(file) !== "pyproject.toml") throw refused("groups are those of a pyproject.toml");
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw refused(`there is no file \`${shown}\``);
  const source = openProjectText(fs.readFileSync(file, "utf8"), { file, shown });
  const groups = source.table["dependency-groups"];
  if (!isTable(groups)) throw refused(`${shown} has no table \`[dependency-groups]\``);
  const texts = placed(source, { key: ["dependency-groups", name] }, () => expandDependencyGroup(groups, name));
  const lines = source.text.split("\n");
  return texts.map((text) => {
    const line = lines.findIndex((each) => each.includes(`"${text}"`) || each.includes(`'${text}'`)) + 1;
    const facts = { isConstraint: false, isEditable: false, hashes: {}, configSettings: {} };
    return { text, file, group: name, line, ...facts, subject: subjectOf(text, cwd, refused) };
  });
}

function subjectOf(text: string, cwd: string, refused: (why: string) => PybunError): RequirementsEntry["subject"] {
  try {
    return readSubject(text, cwd);
  } catch (error) {
    if (error instanceof InvalidSyntax) throw refused(error.message);
    throw error;
  }
}
