import path from "node:path";
import type { CommandSpec } from "../command.ts";
import type { OutputChoice } from "../plugin.ts";
import type { Host } from "../services.ts";
import { defaultDataDir } from "./directories.ts";

/** Where a run begins: the process's own facts, or those a library caller gives. */
export interface Origin {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
  readonly arch: string;
  readonly isTerminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly startedAtMs: number;
  readonly product: { readonly name: string; readonly version: string; readonly commit: string };
}

/** The shared settings, by name in code, as far as they decide how a run talks to its caller. */
type Shared = (name: string) => unknown;

/** How this run talks to its caller. */
export const outputChoice = (
  shared: Shared,
  { isHosting = false, isAct = false }: Pick<CommandSpec, "isHosting" | "isAct"> = {},
): OutputChoice => ({
  format: shared("format") as OutputChoice["format"],
  color: shared("color") as OutputChoice["color"],
  progress: shared("progress") as OutputChoice["progress"],
  verbosity: shared("verbose") as number,
  isQuiet: shared("quiet") === true,
  isRedacted: shared("redact") === true,
  isTraced: shared("trace") === true,
  isHosting,
  isAct,
});

/** The machine and process as plugins see them. */
export function describeHost(
  origin: Origin,
  shared: Shared,
  run: {
    readonly runId: string;
    readonly output: OutputChoice;
    readonly projectRoot: string | undefined;
    readonly cwd: string;
  },
): Host {
  const { argv, env, home, platform, arch, startedAtMs, isTerminal, product } = origin;
  const cacheDir = shared("cacheDir") as string | undefined;
  const canAsk = isTerminal.stdin && isTerminal.stderr && run.output.format === "text";
  return {
    argv,
    env,
    home,
    platform,
    arch,
    startedAtMs,
    ...run,
    version: product.version,
    dataDir: cacheDir === undefined ? defaultDataDir(env, home, platform) : path.resolve(run.cwd, cacheDir),
    isOffline: shared("offline") === true,
    canPrompt: canAsk && !run.output.isQuiet && shared("yes") !== true && !env["CI"],
  };
}
