import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";

/** git puts the file's name behind the first, and the names it knows in place of the letters in the second. */
const CONFIGURATION: readonly (readonly [key: string, value: string])[] = [
  ["diff.pybun.textconv", "pybun lock --print --file"],
  ["merge.pybun.name", "locks, resolved again from the versions of both sides"],
  ["merge.pybun.driver", "pybun lock --merge-driver -- %O %A %B %P"],
];
const ATTRIBUTES = ["pybun.lockb diff=pybun merge=pybun", "*.py.lockb diff=pybun merge=pybun"];

/** Has git show locks as text and merge them by resolving again (SPEC LOCK-05), in this repository. */
export default async function gitSetup(session: Session): Promise<Report> {
  const { env, home } = await session.use(Host);
  const git = (...words: readonly string[]) => runGit(words, session.cwd, env);
  const root = git("rev-parse", "--show-toplevel").trim();
  for (const [key, value] of CONFIGURATION) git("config", "--local", key, value);
  const file = path.join(root, ".gitattributes");
  const before = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  const missing = ATTRIBUTES.filter((line) => !before.split(/\r?\n/).includes(line));
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  if (missing.length > 0) writeAtomically(file, `${before}${gap}${missing.join("\n")}\n`, { isDurable: true });
  const shown = showPath(file, { cwd: session.cwd, home });
  return {
    exitCode: 0,
    data: { path: file, up_to_date: missing.length === 0 },
    text: (ui) =>
      [
        ...missing.map((line) => ` ${ui.add("+")} ${line}  ${ui.dim(shown)}`),
        `${ui.ok("Set up")} git to show and merge locks in this repository`,
      ].join("\n"),
  };
}

function runGit(words: readonly string[], cwd: string, env: Host["env"]): string {
  try {
    return execFileSync("git", words, {
      cwd,
      env: { ...env, LC_ALL: "C" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === "ENOENT")
      throw new PybunError("E_LOCK_GIT", "there is no `git` on this machine's PATH", { cause: error });
    const reason = stderr?.trim().split("\n")[0] ?? "";
    if (/not a git repository/.test(reason))
      throw new PybunError("E_LOCK_GIT", "this folder is in no git repository", { hints: ["make one: `git init`"] });
    throw new PybunError("E_LOCK_GIT", `git refused: ${reason}`, { cause: error });
  }
}
