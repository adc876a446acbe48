import type { Event, EventType } from "../../plugin-api/event.ts";

/** From the gravest to the chattiest. */
export const LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type Level = (typeof LEVELS)[number];

/** Level and area of every event type; a diagnostic's level is its own. */
const EVENTS: { readonly [T in EventType]: readonly [level: Level, area: string] } = {
  CommandStart: ["info", "command"],
  CommandEnd: ["info", "command"],
  ResolveStart: ["debug", "resolve"],
  ResolveProgress: ["trace", "resolve"],
  ResolveComplete: ["info", "resolve"],
  DownloadStart: ["debug", "download"],
  DownloadProgress: ["trace", "download"],
  DownloadComplete: ["info", "download"],
  BuildStart: ["info", "build"],
  BuildTask: ["debug", "build"],
  BuildComplete: ["info", "build"],
  InstallStart: ["debug", "install"],
  InstallProgress: ["trace", "install"],
  InstallComplete: ["info", "install"],
  EnvSelected: ["debug", "python"],
  EnvCreated: ["info", "python"],
  PythonSelected: ["debug", "python"],
  ScriptStart: ["info", "run"],
  ScriptEnd: ["info", "run"],
  RunPhase: ["info", "run"],
  WatchStart: ["info", "run"],
  WatchChange: ["info", "run"],
  Reload: ["info", "run"],
  CacheHit: ["trace", "cache"],
  CacheMiss: ["debug", "cache"],
  CacheEvict: ["info", "cache"],
  NetworkAccess: ["debug", "network"],
  Waiting: ["info", "command"],
  Prompt: ["info", "command"],
  Artifact: ["info", "build"],
  Diagnostic: ["info", "diagnostic"],
  Report: ["info", "command"],
};
const OF_DIAGNOSTIC = { error: "error", warning: "warn", info: "info", hint: "debug" } as const;

export function levelOf(event: Event): { readonly level: Level; readonly area: string } {
  const [level, area] = EVENTS[event.type];
  return { level: event.type === "Diagnostic" ? OF_DIAGNOSTIC[event.diagnostic.level] : level, area };
}

/** Least level by area, and for all others. */
export interface Threshold {
  readonly base: Level;
  readonly areas: ReadonlyMap<string, Level>;
}

/** What decides the threshold (SPEC LOG-02). */
export interface Wishes {
  /** `PYBUN_LOG`: a level, and levels per area as in `info,download=debug`. */
  readonly filter: string | undefined;
  readonly verbosity: number;
  readonly isQuiet: boolean;
  /** The level of the run's profile. */
  readonly profile: Level | undefined;
}

/** `PYBUN_LOG` says it all; otherwise flags move it, and below them the profile. Unknown words count as nothing. */
export function thresholdOf({ filter = "", verbosity, isQuiet, profile }: Wishes): Threshold {
  const areas = new Map<string, Level>();
  let base: Level | undefined;
  for (const word of filter.split(",")) {
    const [name = "", value] = word.trim().split("=");
    const level = LEVELS.find((known) => known === (value ?? name).toLowerCase());
    if (level !== undefined && value !== undefined) areas.set(name, level);
    else base = level ?? base;
  }
  return { base: base ?? byFlags({ verbosity, isQuiet, profile }), areas };
}

function byFlags({ verbosity, isQuiet, profile }: Omit<Wishes, "filter">): Level {
  if (verbosity > 0) return verbosity > 1 ? "trace" : "debug";
  return isQuiet ? "warn" : (profile ?? "info");
}

export const isLogged = ({ base, areas }: Threshold, level: Level, area: string): boolean =>
  LEVELS.indexOf(level) <= LEVELS.indexOf(areas.get(area) ?? base);
