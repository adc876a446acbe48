import path from "node:path";
import { childEnding } from "../../plugin-api/child-ending.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Outcome } from "../../plugin-api/stages.ts";
import { typedDemand } from "../../plugin-api/typed-requirement.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { run as spec } from "./commands.ts";
import { readTarget } from "./target.ts";

const run: RunOf<typeof spec> = async (options, operands, session) => {
  const host = await session.use(Host);
  const target = readTarget(operands, session.cwd);
  if (!target) throw usageError("run", "`pybun run` needs a script, module, code or command");
  const demands = await Promise.all([
    ...options.with.map((text) => typedDemand(text, { command: "run", session })),
    ...options.withEditable.map((text) => typedDemand(text, { command: "run", session, isEditable: true })),
  ]);
  const outcome = await session.run("run", {
    ...target,
    cwd: session.cwd,
    demands,
    ...(options.isolated && demands.length === 0 ? { isIsolated: true } : {}),
    env: await variablesIn(options.envFile.map((file) => path.resolve(session.cwd, file))),
    isDryRun: options.dryRun || host.env["PYBUN_PEP723_DRY_RUN"] === "1",
    isCaptured: host.output.format !== "text",
    isStreamed: options.stream,
    cleanUps: [],
  });
  return {
    exitCode: outcome.exitCode,
    data: describe(outcome),
    ...childEnding(outcome),
    ...(outcome.execMode === "dry-run" && { text: () => planText(outcome) }),
  };
};
export default run;

/** The result as JSON (SPEC RUN-06). */
export function describe({ invocation, ...outcome }: Outcome): Record<string, unknown> {
  return {
    target: invocation.target,
    kind: invocation.kind,
    args: invocation.args,
    exit_code: outcome.exitCode,
    signal: outcome.signal ?? null,
    stdout: outcome.stdout ?? "",
    stderr: outcome.stderr ?? "",
    truncated: outcome.isTruncated ?? false,
    env: invocation.environment ?? null,
    python: invocation.environment?.python ?? null,
    exec_mode: "pybun-run",
    origin: "child",
    pep723: invocation.pep723 ?? null,
    packages: invocation.pins ?? [],
    temp_env: invocation.cleanUps.length > 0,
    cleanup: invocation.cleanUps.length > 0,
    cache_hit: invocation.isCacheHit ?? null,
    argv: outcome.argv,
  };
}

function planText({ invocation, argv }: Outcome): string {
  const pins = (invocation.pins ?? []).map(({ name, version }) => ` + ${name} ${version}\n`);
  return `${pins.join("")}Would run: ${argv.join(" ")}\n`;
}

/** The parser of such files brings all of node:util with it, which each run would wait for. */
const variablesIn = async (files: readonly string[]): Promise<Readonly<Record<string, string>>> =>
  files.length === 0 ? {} : (await import("../../plugin-api/system/env-file.ts")).readEnvFiles(files, "--env-file");
