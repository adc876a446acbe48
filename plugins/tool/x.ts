import fs from "node:fs";
import path from "node:path";
import { childEnding } from "../../plugin-api/child-ending.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import { type CachedEnvironment, EnvironmentCache } from "../../plugin-api/environment-cache.ts";
import { readToolCall } from "../../plugin-api/launch/tool-call.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { archiveKind } from "../../plugin-api/page/archive-links.ts";
import { Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Invocation, Outcome } from "../../plugin-api/stages.ts";
import { typedDemand } from "../../plugin-api/typed-requirement.ts";
import type { x as spec } from "./commands.ts";
import { fetchScript } from "./fetch-script.ts";
import { findToolCommand } from "./find-command.ts";
import { parseToolSpec } from "./tool-spec.ts";

type Options = Parameters<RunOf<typeof spec>>[0];
type Prepared = Pick<Invocation, "target" | "kind"> & Partial<Invocation> & { readonly package?: string };

const x: RunOf<typeof spec> = async (options, [first = "", ...args], session) => {
  const { env, output } = await session.use(Host);
  const isDryRun = options.dryRun || env["PYBUN_X_DRY_RUN"] === "1";
  const { package: name, ...prepared } = await prepare(first, { ...options, dryRun: isDryRun }, session);
  const outcome = await session.run("run", {
    pythonOptions: [],
    args,
    cwd: session.cwd,
    env: {},
    isDryRun,
    isCaptured: output.format !== "text",
    isStreamed: options.stream,
    cleanUps: [],
    ...prepared,
  });
  return {
    exitCode: outcome.exitCode,
    data: describe(outcome, name),
    ...childEnding(outcome),
    ...(isDryRun && { text: () => planText(outcome) }),
  };
};
export default x;

async function prepare(first: string, options: Options, session: Session): Promise<Prepared> {
  const isArchive = archiveKind(first.replace(/[?#].*/, "")) !== undefined;
  if (/^https?:\/\//.test(first) && !isArchive) return fetchScript(first, session);
  const isFile = !isArchive && fs.statSync(path.resolve(session.cwd, first), { throwIfNoEntry: false })?.isFile();
  if (isFile && options.from === undefined)
    return { kind: "script", target: first, demands: await moreDemands(options, session) };
  // No package is called so, and none needs to be: every environment has one.
  if (/^python3?$/.test(first) && options.from === undefined)
    return {
      kind: "command",
      target: first,
      isIsolated: true,
      demands: await moreDemands(options, session),
    };
  return prepareTool(first, options, session);
}

async function prepareTool(first: string, options: Options, session: Session): Promise<Prepared> {
  const tool = await parseToolSpec(options.from ?? first, session);
  const { name } = tool.demand.requirement;
  const command = options.from === undefined ? tool.command : first;
  const demands = [tool.demand, ...(await moreDemands(options, session))];
  const interpreter = await (await session.use(Interpreters)).find({});
  const cache = await session.use(EnvironmentCache);
  const made = await cache.ensure({ demands, interpreter, isTemporary: !options.reuse, isDryRun: options.dryRun });
  const environment = {
    path: made.root,
    source: "tool",
    python: made.python,
    sitePackages: made.sitePackages,
    // A file of that name would be run in its place.
    decidedBy: [path.resolve(session.cwd, first)],
  };
  const known = { environment, pins: made.pins, isCacheHit: made.isHit, package: name };
  if (options.dryRun) return { kind: "command", target: path.join(path.dirname(made.python), command), ...known };
  return {
    ...commandIn(made, name, command),
    ...(options.reuse ? { cleanUps: [], ...repeatable() } : { cleanUps: [made.remove] }),
    ...known,
  };
}

/** The call, where the executable was given it like this. */
function repeatable(): Pick<Invocation, "askedBy"> {
  const [, , command, ...argv] = process.argv;
  const call = command === "x" ? readToolCall(argv) : undefined;
  return call === undefined ? {} : { askedBy: call.words };
}

const commandIn = ({ python, sitePackages }: CachedEnvironment, distribution: string, command: string) =>
  findToolCommand({ scripts: path.dirname(python), sitePackages, distribution, command });

/** What `--with` and `--with-editable` add. */
async function moreDemands(options: Options, session: Session): Promise<readonly Demand[]> {
  const plain = options.with.map(async (text) => (await parseToolSpec(text, session)).demand);
  const editable = options.withEditable.map((text) => typedDemand(text, { command: "x", session, isEditable: true }));
  return Promise.all([...plain, ...editable]);
}

/** The result as JSON (SPEC X-02). */
function describe({ invocation, ...outcome }: Outcome, name: string | undefined): Record<string, unknown> {
  const isTemporary = invocation.cleanUps.length > 0;
  return {
    package: name ?? null,
    version: invocation.pins?.find((pin) => pin.name === name)?.version ?? null,
    command: path.basename(invocation.target),
    args: invocation.args,
    argv: outcome.argv,
    packages: invocation.pins ?? [],
    env: invocation.environment ?? null,
    temp_env: isTemporary,
    cleanup: isTemporary,
    cache_hit: invocation.isCacheHit ?? null,
    pep723: invocation.pep723 ?? null,
    exit_code: outcome.exitCode,
    signal: outcome.signal ?? null,
    stdout: outcome.stdout ?? "",
    stderr: outcome.stderr ?? "",
    truncated: outcome.isTruncated ?? false,
    exec_mode: "pybun-run",
    origin: "child",
  };
}

function planText({ invocation, argv }: Outcome): string {
  const pins = (invocation.pins ?? []).map(({ name, version }) => ` + ${name} ${version}\n`);
  return `${pins.join("")}Would run: ${argv.join(" ")}\n`;
}
