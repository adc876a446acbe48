import os from "node:os";
import { KERNEL } from "../kernel/assemble.ts";
import { type Ended, runOpen } from "../kernel/main.ts";
import { Interrupted } from "../plugin-api/error.ts";
import type { Stamped } from "../plugin-api/event.ts";
import type { OptionSpecs, Values } from "../plugin-api/option.ts";
import { flagName } from "../plugin-api/option.ts";
import type { Preset } from "../plugin-api/preset.ts";
import type { StageName, Stages } from "../plugin-api/stages.ts";
import { openWhole } from "./open-whole.ts";
import { product } from "./product.ts";
import { presets } from "./shipped.ts";

/** Where and with what a library caller works; nothing is taken from the process that is given here. */
export interface PybunOptions {
  /** Name of a shipped preset, or a preset; default `default`. */
  readonly preset?: string | Preset;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** PyBun inside another program (SPEC LIB-01): results are values; nothing is printed, the process never ends. */
export interface Pybun {
  /** As on the command line; failures are in the envelope. */
  run(argv: readonly string[]): Promise<Ended>;
  /** A command by path with options by name in code and operands. */
  command(path: string, options?: Partial<Values<OptionSpecs>>, operands?: readonly string[]): Promise<Ended>;
  /** One stage. Throws what the stage throws. */
  stage<N extends StageName>(name: N, input: Stages[N]["input"]): Promise<Stages[N]["output"]>;
  /** Every event of every run; returns the function that ends the watching. */
  on(watch: (event: Stamped) => void): () => void;
  /** Stops what is under way. */
  dispose(): void;
}

/** Makes a PyBun to call from code. */
export function createPybun(options: PybunOptions = {}): Pybun {
  const controller = new AbortController();
  const watchers = new Set<(event: Stamped) => void>();
  const watch = (event: Stamped): void => {
    for (const watcher of watchers) watcher(event);
  };
  const { preset = "default", cwd = process.cwd(), env = process.env } = options;
  const own = typeof preset === "string" ? presets : { ...presets, [preset.name]: preset };
  const start = (argv: readonly string[]) =>
    openWhole(
      {
        argv,
        env,
        cwd,
        home: env["HOME"] ?? os.homedir(),
        platform: process.platform,
        arch: process.arch,
        isTerminal: { stdin: false, stdout: false, stderr: false },
        startedAtMs: Date.now(),
        signal: controller.signal,
        product,
        presets: own,
        preset: typeof preset === "string" ? preset : preset.name,
      },
      watch,
    );
  const run = async (argv: readonly string[]): Promise<Ended> => runOpen(await start(["--format=json", ...argv]));
  return {
    run,
    command: (path, values = {}, operands = []) =>
      run([...path.split(" "), ...wordsOf(values), ...(operands.length > 0 ? ["--", ...operands] : [])]),
    stage: async (name, input) => {
      const { sessions, failure } = await start([]);
      if (failure !== undefined) throw failure;
      try {
        return await sessions.of(KERNEL).run(name, input);
      } finally {
        sessions.dispose();
      }
    },
    on: (watcher) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    dispose: () => controller.abort(new Interrupted("SIGTERM")),
  };
}

function wordsOf(values: Partial<Values<OptionSpecs>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const flag = flagName(name);
    if (value === true) return [`--${flag}`];
    if (value === false) return [`--no-${flag}`];
    if (Array.isArray(value)) return value.map((item) => `--${flag}=${item}`);
    return typeof value === "string" || typeof value === "number" ? [`--${flag}=${value}`] : [];
  });
}
