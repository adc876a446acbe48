import path from "node:path";
import { childEnding } from "../../plugin-api/child-ending.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import { MissingImports } from "../../plugin-api/missing-import.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Listed } from "../../plugin-api/requirements/listed.ts";
import { readTarget, type Target } from "../../plugin-api/run-target.ts";
import { Host, Watching } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { shellJoin } from "../../plugin-api/shell-word.ts";
import type { Invocation, Outcome, ProjectWish } from "../../plugin-api/stages.ts";
import { typedDemand } from "../../plugin-api/typed-requirement.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { run as spec } from "./commands.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

const run: RunOf<typeof spec> = async (options, operands, session) => {
  const target = readTarget(operands, session.cwd);
  if (!target) throw usageError("run", "`pybun run` needs a script, module, code or command");
  if (options.watch) return (await session.use(Watching)).watch(() => invocationOf(target, options, session));
  const outcome = await session.run("run", await invocationOf(target, options, session));
  return {
    exitCode: outcome.exitCode,
    data: describe(outcome),
    ...(await endingOf(outcome, session)),
    ...(outcome.told && { text: outcome.told.text }),
    ...(outcome.execMode === "dry-run" && { text: () => planText(outcome) }),
  };
};
export default run;

/** What was typed, with all that files which it names say. */
async function invocationOf(target: Target, options: Options, session: Session): Promise<Invocation> {
  const host = await session.use(Host);
  const project = wishOf(options);
  const typed = await Promise.all([
    ...options.with.map((text) => typedDemand(text, { command: "run", session })),
    ...options.withEditable.map((text) => typedDemand(text, { command: "run", session, isEditable: true })),
  ]);
  const listed = await listedIn(options, session);
  const demands = [...typed, ...listed.demands];
  return {
    ...target,
    cwd: session.cwd,
    demands,
    ...(listed.constraints.length > 0 && { constraints: listed.constraints }),
    ...(project && { project }),
    ...(options.isolated && { isIsolated: true }),
    env: await variablesIn(options.envFile.map((file) => path.resolve(session.cwd, file))),
    isDryRun: options.dryRun || host.env["PYBUN_PEP723_DRY_RUN"] === "1",
    isCaptured: host.output.format !== "text",
    isStreamed: options.stream,
    ...(options.explain && { isExplained: true }),
    cleanUps: [],
    ...(options.lazySuggest && { isLazySuggestion: true }),
  };
}

/** A module that was missing is explained by who knows of such things, if there is somebody (SPEC RUN-07). */
async function endingOf(outcome: Outcome, session: Session): Promise<Partial<Report>> {
  if (outcome.exitCode !== 1 || !outcome.invocation.isCaptured) return childEnding(outcome);
  const missing = await session.use(MissingImports).then(
    (imports) => imports.explain(outcome),
    () => undefined,
  );
  if (!missing) return childEnding(outcome);
  const { module, diagnostic } = missing;
  const [command] = (diagnostic.fixes ?? []).flatMap((fix) => (fix.command ? [fix.command] : []));
  return {
    diagnostics: [diagnostic],
    envelope: {
      error_type: "ImportError",
      module,
      context: diagnostic.message,
      fix_suggestion: command ? shellJoin(command) : null,
    },
    ...(command && { nextActions: [{ command, why: "brings the missing module" }] }),
  };
}

/** What is asked of the project's environment; undefined where that is nothing. Throws `E_USAGE`. */
function wishOf(options: Options): ProjectWish | undefined {
  const { noSync, locked, frozen, extra, allExtras, group, noDev, package: members, allPackages } = options;
  if (locked && frozen) throw usageError("run", "`--locked` and `--frozen` exclude each other");
  if (allPackages && members.length > 0) throw usageError("run", "`--package` and `--all-packages` exclude each other");
  const isAsked = [noSync, locked, frozen, allExtras, noDev, allPackages].includes(true);
  if (!isAsked && [extra, group, members].every((list) => list.length === 0)) return undefined;
  return { noSync, locked, frozen, extra, allExtras, group, onlyGroup: [], noDev, package: members, allPackages };
}

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
    ...(outcome.told && { lazy: outcome.told.data }),
    ...(outcome.timings && { timings: outcome.timings }),
  };
}

function planText({ invocation, argv }: Outcome): string {
  const pins = (invocation.pins ?? []).map(({ name, version }) => ` + ${name} ${version}\n`);
  return `${pins.join("")}Would run: ${argv.join(" ")}\n`;
}

/** What `--with-requirements` names, and the indexes that its lines name. Throws `E_REQUIREMENTS_INVALID`. */
async function listedIn({ withRequirements }: Options, session: Session): Promise<Listed> {
  if (withRequirements.length === 0) return { demands: [], constraints: [] };
  const [{ readListed }, { amendSources }] = await Promise.all([
    import("../../plugin-api/requirements/listed.ts"),
    import("../../plugin-api/requirements/amend-sources.ts"),
  ]);
  const files = { requirements: withRequirements, constraints: [], command: "run", takesEditable: true };
  return readListed({ ...files, onFile: (_name, { options }) => amendSources(options, session) }, session);
}

/** The parser of such files brings all of node:util with it, which each run would wait for. */
const variablesIn = async (files: readonly string[]): Promise<Readonly<Record<string, string>>> =>
  files.length === 0 ? {} : (await import("../../plugin-api/system/env-file.ts")).readEnvFiles(files, "--env-file");
