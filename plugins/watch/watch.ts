import type { RunOf } from "../../plugin-api/command.ts";
import type { Report } from "../../plugin-api/report.ts";
import { readTarget, type Target } from "../../plugin-api/run-target.ts";
import { Host } from "../../plugin-api/services.ts";
import { shellJoin } from "../../plugin-api/shell-word.ts";
import { counted } from "../../plugin-api/text/units.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { watch as spec } from "./commands.ts";
import { type WatchConfig, watchConfig } from "./config.ts";
import { externalCommand } from "./external-command.ts";
import { type Tally, watchProgram } from "./loop.ts";
import { matcher } from "./patterns.ts";
import { scan } from "./tree.ts";

/** SPEC WAT-01. */
const watch: RunOf<typeof spec> = async (options, operands, session) => {
  const config = await watchConfig(options, session);
  const target = readTarget(operands, session.cwd);
  if (options.showConfig) return shown(config, target);
  if (options.shellCommand) return shellCommand(config, target);
  if (!target) throw usageError("watch", "`pybun watch` needs a script, module, code or command");
  const { output } = await session.use(Host);
  const invocation = {
    ...target,
    cwd: session.cwd,
    env: {},
    isDryRun: options.dryRun,
    isCaptured: output.format !== "text",
    isStreamed: true,
    cleanUps: [],
  };
  if (options.dryRun) {
    const { argv } = await session.run("run", invocation);
    return {
      ...shown(config, target, { dry_run: true, argv }),
      text: () => `Would run: ${argv.join(" ")}\nWould watch: ${config.roots.join(", ")}`,
    };
  }
  const tally = await watchProgram({ config, next: async () => invocation }, session);
  return { exitCode: tally.exitCode, data: describe(config, target, tally) };
};
export default watch;

type Named = Pick<Target, "target" | "args"> | undefined;

/** The result as JSON. */
export const describe = (config: WatchConfig, target: Named, tally?: Tally): Readonly<Record<string, unknown>> => ({
  target: target?.target ?? null,
  args: target?.args ?? [],
  paths: config.roots,
  include: config.include,
  exclude: config.exclude,
  debounce_ms: config.debounceMs,
  backend: config.backend,
  hot_reload: config.isHot,
  reload: config.reloads,
  dry_run: false,
  ...(tally && { restarts: tally.restarts, patches: tally.patches, last_exit_code: tally.lastExitCode }),
});

/** What is there now, too: how many folders and files (SPEC WAT-05). */
function shown(config: WatchConfig, target: Named, more: Readonly<Record<string, unknown>> = {}): Report {
  const trees = config.roots.map((root) => scan(root, root, matcher(config)));
  const files = trees.reduce((sum, tree) => sum + tree.files.size, 0);
  const folders = trees.reduce((sum, tree) => sum + tree.folders.length, 0);
  const { roots, include, exclude, debounceMs, backend, isHot } = config;
  const rows: readonly (readonly [string, string])[] = [
    ["paths", roots.join(", ")],
    ["include", include.join(", ")],
    ["exclude", exclude.join(", ")],
    ["debounce", `${debounceMs}ms`],
    ["backend", backend],
    ["on change", config.reloads ? (isHot ? "patch, else restart" : "restart") : "only told"],
    ["found", `${counted(files, "file")} in ${counted(folders, "folder")}`],
  ];
  return {
    exitCode: 0,
    data: { ...describe(config, target), files, folders, ...more },
    text: (ui) => rows.map(([name, value]) => `${ui.dim(name.padEnd(9))}  ${value}`).join("\n"),
  };
}

/** A line for a shell that runs the target again for each change (SPEC WAT-03). */
async function shellCommand(config: WatchConfig, target: Named): Promise<Report> {
  const argv = externalCommand(config.roots);
  const again = target ? shellJoin(["pybun", "run", target.target, ...target.args]) : 'echo "$file"';
  const line = `${shellJoin(argv)} | while read -r file; do ${again}; done`;
  return { exitCode: 0, data: { ...describe(config, target), shell_command: argv }, text: () => line };
}
