import fs from "node:fs";
import { PybunError } from "../../plugin-api/error.ts";
import { shellJoin } from "../../plugin-api/shell-word.ts";

/** Why the system did not start a program that is there: what is wrong with the file, as far as it can be told. */
export function cannotRun(file: string, cause: NodeJS.ErrnoException): PybunError {
  const refuse = (why: string, hints: readonly string[] = []) =>
    new PybunError("E_TARGET_NOT_FOUND", `cannot run ${file}: ${why}`, { hints, cause });
  switch (cause.code) {
    case "ENOEXEC":
      return refuse("it is no program for this machine and has no `#!` line", [
        `if it is a shell script: \`${shellJoin(["pybun", "run", "sh", file])}\``,
      ]);
    case "ENOENT": {
      const interpreter = firstLine(file);
      return refuse(
        interpreter === undefined ? "no such file" : `its first line names ${interpreter}, which is not there`,
      );
    }
    case "E2BIG":
      return refuse("arguments and variables are longer than the system allows");
    case "EACCES":
      return refuse("permission denied");
    default:
      return refuse(cause.message);
  }
}

/** The interpreter a script's `#!` line names. */
function firstLine(file: string): string | undefined {
  try {
    return /^#!\s*(\S+)/.exec(fs.readFileSync(file, "latin1"))?.[1];
  } catch {
    return undefined;
  }
}
