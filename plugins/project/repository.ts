import { execFileSync } from "node:child_process";
import { warning } from "../../plugin-api/diagnostic.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Where } from "./where.ts";

/** Makes a git repository of a new project. A machine without git is told of only where somebody asked for one. */
export async function makeRepository({ folder, shown }: Where, isAsked: boolean, session: Session): Promise<void> {
  const { env } = await session.use(Host);
  try {
    execFileSync("git", ["init", "--quiet"], {
      cwd: folder,
      env: { ...env, LC_ALL: "C" },
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    const { code, stderr = "" } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === "ENOENT" && !isAsked) return;
    const reason = code === "ENOENT" ? "there is no `git` on this machine's PATH" : stderr.trim().split("\n")[0];
    session.emit({
      type: "Diagnostic",
      diagnostic: warning("W_INIT_VCS", `no repository was made in ${shown}: ${reason}`),
    });
  }
}
