import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { assemble } from "../../kernel/assemble.ts";
import { openSessions } from "../../kernel/session.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Event } from "../../plugin-api/event.ts";
import type { DistributionFile, DistributionMetadata, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { emptyValue } from "../../plugin-api/option-value.ts";
import type { Plugin } from "../../plugin-api/plugin.ts";
import { createRedactor } from "../../plugin-api/redact.ts";
import { Clock, Host, Redactor, type SettingEntry, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";

/** One run of some plugins, as a process of its own would have it: nothing in memory, caches of the place. */
export interface Run {
  readonly session: Session;
  readonly events: readonly Event[];
  /** `index`: the one that the package has to come from. */
  pages(name: string, index?: string): Promise<readonly VersionPage[]>;
  metadata(name: string, file: DistributionFile, index?: string): Promise<DistributionMetadata>;
  /** Ends the run: what it learned is saved. */
  end(): void;
}
export interface RunChoice {
  /** Values by name in code. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly isOffline?: boolean;
}

/** A data folder and a clock that goes only when told to; waiting takes no time. */
export interface RunPlace {
  readonly dir: string;
  nowMs: number;
  /** How long somebody wanted to wait, in milliseconds. */
  readonly pauses: number[];
  run(plugins: readonly Plugin[], choice?: RunChoice): Run;
  remove(): void;
}

export function createRunPlace(): RunPlace {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "runs-")));
  const place: RunPlace = {
    dir,
    nowMs: Date.now(),
    pauses: [],
    run: (plugins, choice = {}) => openRun(place, plugins, choice),
    remove: () => fs.rmSync(dir, { recursive: true }),
  };
  return place;
}

function openRun(
  place: RunPlace,
  plugins: readonly Plugin[],
  { settings = {}, env = {}, isOffline = false }: RunChoice,
): Run {
  const assembly = assemble(plugins.map((plugin) => ({ ...plugin, origin: "preset test" })));
  const events: Event[] = [];
  const entries = new Map<string, SettingEntry>();
  for (const [name, { plugin, option }] of assembly.settings) {
    const origin = { kind: "default", name: "built in" } as const;
    const value = settings[name] ?? emptyValue(option);
    entries.set(name, { key: option.key ?? name, option, plugin, value, origin });
  }
  const host = {
    env,
    home: place.dir,
    platform: process.platform,
    arch: process.arch,
    dataDir: place.dir,
    isOffline,
    version: "0",
    output: { isTraced: false },
  };
  const given = new Map<string, unknown>([
    [Host.name, host],
    [Clock.name, { nowMs: () => place.nowMs, wait: async (ms: number) => void place.pauses.push(ms) }],
    [Redactor.name, createRedactor({ home: "" })],
    [
      SettingsTable.name,
      { entries: [...entries.values()], get: (key: string) => [...entries.values()].find((each) => each.key === key) },
    ],
  ]);
  const signal = new AbortController().signal;
  const observers = [{ plugin: "test", see: (event: Event) => void events.push(event) }];
  const sessions = openSessions({ assembly, cwd: place.dir, signal, settings: entries, given, observers });
  const session = sessions.of("kernel");
  return {
    session,
    events,
    pages: (name, index) => session.run("fetch.versions", { name: name as PackageName, ...(index && { index }) }),
    metadata: (name, file, index = "pypi") => {
      const version = file.filename.split("-")[1]?.replace(/\.tar\.gz$/, "") ?? "";
      return session.run("fetch.metadata", {
        name: name as PackageName,
        version,
        file,
        source: { kind: "index", index },
      });
    },
    end: () => sessions.dispose(),
  };
}

/** The error that some work fails with. */
export async function failureOf(work: Promise<unknown>): Promise<PybunError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PybunError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
