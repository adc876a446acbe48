import { diagnosticOf } from "../plugin-api/diagnostic.ts";
import { buildEnvelope } from "../plugin-api/envelope.ts";
import { Interrupted, type PybunError } from "../plugin-api/error.ts";
import type { Envelope, Stamped } from "../plugin-api/event.ts";
import type { Seeing } from "../plugin-api/fan-out.ts";
import type { Report } from "../plugin-api/report.ts";
import { Help, Provision, SettingsTable } from "../plugin-api/services.ts";
import { settingsTable } from "../plugin-api/settings-table.ts";
import { KERNEL } from "./assemble.ts";
import { attribute, blameOf, toPybunError } from "./failure.ts";
import { openSessions, type Sessions } from "./session.ts";
import { fallBack, type Setup, type Start, setUp } from "./set-up.ts";

type Watch = (event: Stamped) => void;

export interface Ended {
  readonly exitCode: number;
  readonly envelope: Envelope;
  readonly report: Report | undefined;
  readonly error: PybunError | undefined;
  /** Why not all of the output could be written. */
  readonly lostOutput: PybunError | undefined;
}

/** One run under way: from argv to what all plugins of the run share. */
export interface Running {
  readonly start: Start;
  readonly setup: Setup;
  readonly sessions: Sessions;
  readonly events: readonly Stamped[];
  /** Why setting up failed; the setup is then the built-in one. */
  readonly failure: unknown;
}

/** Puts a run together. Never throws. `watch` stands in for the observers of the preset when PyBun is a library. */
export async function open(start: Start, watch?: Watch): Promise<Running> {
  let setup: Setup;
  let failure: unknown;
  try {
    setup = await setUp(start);
  } catch (error) {
    failure = error;
    setup = fallBack(start);
  }
  const { assembly, settings, host } = setup;
  const events: Stamped[] = [];
  const observers: Seeing[] = watch ? [{ plugin: KERNEL, see: watch }] : [];
  if (watch || host.output.format !== "text")
    observers.push({ plugin: KERNEL, see: (event) => void events.push(event) });
  const given = new Map<string, unknown>([...setup.given, [SettingsTable.name, settingsTable(settings)]]);
  const sessions = openSessions({ assembly, cwd: host.cwd, signal: start.signal, settings, given, observers });
  given.set(Provision.name, {
    provision: async (order) => (await import("./provision.ts")).provision(order, sessions.of(KERNEL)),
  } satisfies Provision);
  for (const { name, observe } of watch ? [] : assembly.plugins) {
    if (!observe || observe.when?.(host.output) === false) continue;
    try {
      observers.push({ plugin: name, see: await (await observe.load()).default(sessions.of(name), host.output) });
    } catch (error) {
      failure ??= attribute(error, { plugin: name, stage: "report" });
    }
  }
  return { start, setup, sessions, events, failure };
}

/** Runs the command of a run put together. Never throws; everything that happens reaches the observers. */
export async function runOpen(running: Running): Promise<Ended> {
  const { start, setup, sessions } = running;
  const { emit } = sessions.of(KERNEL);
  emit({ type: "CommandStart", command: commandOf(setup) });
  for (const diagnostic of setup.diagnostics) emit({ type: "Diagnostic", diagnostic });
  if (running.failure !== undefined) return finish(running, undefined, running.failure);
  try {
    return finish(running, await perform(setup, sessions), undefined);
  } catch (error) {
    return finish(running, undefined, start.signal.aborted ? start.signal.reason : error);
  }
}

async function perform(
  { path, command, settings, options, operands, host, assembly }: Setup,
  sessions: Sessions,
): Promise<Report> {
  const asksFor = (name: string) => settings.get(name)?.value === true;
  if (asksFor("version")) return (await sessions.of(KERNEL).use(Help)).version();
  if (!command || asksFor("help")) return (await sessions.of(KERNEL).use(Help)).show(path, host.output.verbosity);
  const plugin = assembly.commands.get(path)?.plugin ?? KERNEL;
  try {
    const handler = (await command.load()).default;
    return await handler(options as never, operands, sessions.of(plugin));
  } catch (error) {
    throw attribute(error, { plugin, stage: path });
  }
}

/** Ends a run: the last diagnostics, the envelope, the report, in this order. */
function finish({ start, setup, sessions, events }: Running, report: Report | undefined, failure: unknown): Ended {
  const { emit } = sessions.of(KERNEL);
  const { assembly } = setup;
  const isBuiltIn = (plugin: string) =>
    assembly.plugins.find(({ name }) => name === plugin)?.origin.startsWith("preset ") ?? false;
  const isInterrupted = failure instanceof Interrupted;
  const told = (reason: unknown) => toPybunError(reason, { isBuiltIn, dataDir: setup.host.dataDir });
  const error = failure === undefined || isInterrupted ? undefined : told(failure);
  const blame = blameOf(failure);
  if (error)
    emit({
      type: "Diagnostic",
      diagnostic: diagnosticOf(error, blame && { plugin: blame.plugin, phase: blame.stage }),
    });
  for (const diagnostic of report?.diagnostics ?? []) emit({ type: "Diagnostic", diagnostic });
  const codeOf = ({ code, detail }: PybunError) => detail.exitCode ?? assembly.codes.get(code)?.exitCode ?? 70;
  const exitCode = error ? codeOf(error) : isInterrupted ? failure.exitCode : (report?.exitCode ?? 70);
  const command = commandOf(setup);
  const nowMs = Date.now();
  const status = exitCode === 0 ? "ok" : "error";
  emit({ type: "CommandEnd", command, status, duration_ms: nowMs - start.startedAtMs });
  const [{ runId }, { product }] = [setup.host, setup.catalogue];
  const ended = { command, exitCode, isInterrupted, events, startedAtMs: start.startedAtMs, nowMs, runId, product };
  const trace = setup.traceId === undefined ? {} : { traceId: setup.traceId };
  const envelope = buildEnvelope({ ...ended, ...trace, ...(report && { report }), ...(error && { error }) });
  sessions.dispose();
  emit({ type: "Report", report: report ?? { exitCode, data: {} }, envelope });
  const reason = sessions.lostOutput();
  const lostOutput = reason === undefined ? undefined : told(reason);
  return { exitCode: exitCode || (lostOutput ? codeOf(lostOutput) : 0), envelope, report, error, lostOutput };
}

const commandOf = ({ path }: Setup): string => (path === "" ? "pybun" : `pybun ${path}`);
