import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkFilenames } from "./pep/filenames.ts";
import { checkGroups, checkLicenses, checkScripts, checkUrls } from "./pep/files.ts";
import { checkMarkers } from "./pep/markers.ts";
import { checkPylock } from "./pep/pylock.ts";
import { checkRequirements } from "./pep/requirements.ts";
import type { Row } from "./pep/row.ts";
import { checkSpecifiers } from "./pep/specifiers.ts";
import { checkTags } from "./pep/tags.ts";
import { checkVersions } from "./pep/versions.ts";

/** Subject file to the check of its rows. */
const CHECKS: Readonly<Record<string, (data: never) => Iterable<Row>>> = {
  "versions.json": checkVersions,
  "specifiers.json": checkSpecifiers,
  "markers.json": checkMarkers,
  "requirements.json": checkRequirements,
  "tags.json": checkTags,
  "filenames.json": checkFilenames,
  "dependency-groups.json": checkGroups,
  "script-metadata.json": checkScripts,
  "direct-url.json": checkUrls,
  "licenses.json": checkLicenses,
  "pylock.json": checkPylock,
};

export interface PepResult {
  readonly file: string;
  readonly passed: number;
  /** One line each: what was asked, expected and answered. */
  readonly failures: readonly string[];
}

/** Checks `plugin-api/python` against a folder of answers by the reference library, one file a subject. Absent files are left out. */
export async function checkPep(folder: string): Promise<readonly PepResult[]> {
  return Object.entries(CHECKS)
    .filter(([file]) => existsSync(join(folder, file)))
    .map(([file, check]) => {
      const failures: string[] = [];
      let passed = 0;
      for (const row of check(JSON.parse(readFileSync(join(folder, file), "utf8")) as never)) {
        const problem = compare(row);
        if (problem === undefined) passed++;
        else failures.push(problem);
      }
      return { file, passed, failures };
    });
}

function compare({ subject, expected, answer }: Row): string | undefined {
  const wanted = JSON.stringify(expected);
  let given: string;
  try {
    given = JSON.stringify(answer());
  } catch (error) {
    given = `error ${String(error)}`;
  }
  return wanted === given ? undefined : `${subject}: expected ${wanted}, got ${given}`;
}
