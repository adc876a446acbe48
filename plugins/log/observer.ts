import path from "node:path";
import { eventToWire } from "../../plugin-api/envelope.ts";
import type { Stamped } from "../../plugin-api/event.ts";
import type { Observer, OutputChoice } from "../../plugin-api/plugin.ts";
import { type Profile, readProfile } from "../../plugin-api/profile.ts";
import { serialise } from "../../plugin-api/serialise.ts";
import { Host, Redactor, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { afterwards } from "../../plugin-api/system/afterwards.ts";
import { isLogged, levelOf, type Threshold, thresholdOf } from "./levels.ts";
import { appendToLog } from "./log-file.ts";

/** The observer of a real run: always redacted; a log that can't be written is no reason to fail. */
export default async function observe(session: Session, choice: OutputChoice): Promise<Observer> {
  const [host, redactor] = await Promise.all([session.use(Host), session.use(Redactor)]);
  const { log } = session.settings as { readonly log?: string };
  const threshold = thresholdOf({ filter: log, profile: await profileLevel(session), ...choice });
  const folder = path.join(host.dataDir, "logs");
  const { observe: take, flush } = logger({
    threshold,
    runId: host.runId,
    append: (lines) => {
      try {
        appendToLog(folder, lines);
      } catch {
        // A full or read-only disk must not fail a command that needs neither.
      }
    },
    format: (line) => serialise(line, { entry: redactor.redactEntry }),
  });
  process.once("exit", () => afterwards(flush));
  return take;
}

/** The level that the profile of the run has; one that can't be used is told of by who uses it. */
async function profileLevel(session: Session): Promise<Profile["logLevel"] | undefined> {
  const table = await session.use(SettingsTable);
  const name = table.get("run.profile")?.value;
  if (typeof name !== "string") return undefined;
  const found = readProfile(name, table.get("profiles")?.value);
  return "fault" in found ? undefined : found.logLevel;
}

interface Logging {
  readonly threshold: Threshold;
  readonly runId: string;
  readonly append: (lines: string) => void;
  readonly format: (line: unknown) => string;
}

/** Keeps events in memory and writes them at once: at the end, and before the process may become a child. */
export function logger({ threshold, runId, append, format }: Logging): {
  readonly observe: Observer;
  readonly flush: () => void;
} {
  let kept: Stamped[] = [];
  let traceId: string | undefined;
  const flush = (): void => {
    if (kept.length === 0) return;
    const lines = kept.map((event) => `${format(lineOf(event, runId, traceId))}\n`);
    kept = [];
    append(lines.join(""));
  };
  const observe = (event: Stamped): void => {
    if (event.type === "Report") {
      traceId = event.envelope.trace_id;
      // What is told of a command is not what its caller waits for.
      return afterwards(flush);
    }
    const { level, area } = levelOf(event);
    if (isLogged(threshold, level, area)) kept.push(event);
    if (event.type === "ScriptStart") flush();
  };
  return { observe, flush };
}

function lineOf(event: Stamped, runId: string, traceId: string | undefined): unknown {
  const stack = event.type === "Diagnostic" ? event.diagnostic.stack : undefined;
  return {
    ...eventToWire(event),
    ...levelOf(event),
    run_id: runId,
    ...(traceId === undefined ? {} : { trace_id: traceId }),
    ...(stack === undefined ? {} : { stack }),
  };
}
