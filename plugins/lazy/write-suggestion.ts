import fs from "node:fs";
import path from "node:path";
import type { Host } from "../../plugin-api/services.ts";
import { writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { setTomlKey } from "../../plugin-api/toml-edit.ts";

/** Writes keys below `run.lazy` into the project's file, if somebody agrees. */
export async function writeSuggestion(
  changes: Readonly<Record<string, string | readonly string[]>>,
  { host, ask }: { readonly host: Host; readonly ask: (question: string) => Promise<boolean> },
): Promise<{ readonly file?: string; readonly isWritten: boolean }> {
  const { projectRoot } = host;
  const file = projectRoot === undefined ? undefined : path.join(projectRoot, "pyproject.toml");
  if (file === undefined || !fs.existsSync(file)) return { isWritten: false };
  if (Object.keys(changes).length === 0 || !(await ask(`Write this to ${showPath(file, host)}?`)))
    return { file, isWritten: false };
  const text = Object.entries(changes).reduce(
    (edited, [key, value]) => setTomlKey(edited, ["tool", "pybun", "run", "lazy", key], value),
    fs.readFileSync(file, "utf8"),
  );
  writeUsersFile(file, text);
  return { file, isWritten: true };
}
