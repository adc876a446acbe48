import { execFile } from "node:child_process";
import { childEnvironment } from "../../plugin-api/launch/child-environment.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Outcome } from "../../plugin-api/stages.ts";
import source from "./python/path-files.py" with { type: "text" };

/** What the start of Python spends before any program: the module `site`, and the `.pth` files it reads. */
export interface PathFiles {
  readonly siteMs: number;
  readonly files: readonly { readonly file: string; readonly ms: number; readonly modules: number }[];
}

const TIMEOUT_MS = 30_000;

/** Starts the same Python once more; undefined where it does not say. */
export async function pathFilesOf({ invocation }: Outcome, session: Session): Promise<PathFiles | undefined> {
  const { environment, cwd } = invocation;
  if (!environment) return undefined;
  const host = await session.use(Host);
  const env = childEnvironment(host.env, environment, {});
  const options = { env, cwd, timeout: TIMEOUT_MS, signal: session.signal };
  return new Promise((resolve) => {
    const child = execFile(environment.python, ["-S", "-c", source], options, (error, stdout) => {
      if (error) return resolve(undefined);
      const said = JSON.parse(stdout) as { readonly site_ms: number; readonly files: PathFiles["files"] };
      resolve({ siteMs: rounded(said.site_ms), files: said.files.map((it) => ({ ...it, ms: rounded(it.ms) })) });
    });
    child.stdin?.end();
  });
}

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
