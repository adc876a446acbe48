import { spawnSync } from "node:child_process";
import source from "./python/path-files.py" with { type: "text" };

/** What the start of Python spends before any program: the module `site`, and the `.pth` files it reads. Milliseconds. */
export interface PathFiles {
  readonly siteMs: number;
  /** In the order they are read; `modules`: how many each imported first. */
  readonly files: readonly { readonly file: string; readonly ms: number; readonly modules: number }[];
}

const TIMEOUT_MS = 30_000;

/** Starts a Python once to time its `.pth` files, whose code it runs as any start does; undefined where it does not say. */
export function timePathFiles(
  python: string,
  { env, cwd }: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): PathFiles | undefined {
  const options = {
    ...(env && { env }),
    ...(cwd !== undefined && { cwd }),
    timeout: TIMEOUT_MS,
    encoding: "utf8",
  } as const;
  const { status, stdout } = spawnSync(python, ["-S", "-c", source], options);
  if (status !== 0) return undefined;
  const said = JSON.parse(stdout) as { readonly site_ms: number; readonly files: PathFiles["files"] };
  return { siteMs: rounded(said.site_ms), files: said.files.map((it) => ({ ...it, ms: rounded(it.ms) })) };
}

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
