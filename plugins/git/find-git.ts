import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Host } from "../../plugin-api/services.ts";
import { isExecutableFile } from "../../plugin-api/system/executable-file.ts";

/**
 * Absolute path of a program of git's. Relative folders in PATH are passed over, and the current folder is not asked: what lies
 * beside somebody's project is no git. Throws `E_GIT_MISSING`.
 */
export function findGit({ env, platform }: Pick<Host, "env" | "platform">, text: string, program = "git"): string {
  const isWindows = platform === "win32";
  const variable = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const folders = (env[variable] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const names = isWindows ? [`${program}.exe`] : [program];
  const found = folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(isExecutableFile);
  if (found !== undefined) return found;
  throw new PybunError("E_GIT_MISSING", `\`${text}\` needs \`${program}\`, which is not installed`, {
    evidence: [`no ${program} in the folders of PATH`],
  });
}
