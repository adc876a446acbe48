import type { Event, EventOf, EventType } from "../../plugin-api/event.ts";
import { counted, formatDuration, formatSize } from "../../plugin-api/text/units.ts";

/** The verbosity from which an event is told of, and its words; `silent` for what progress or the report tells. */
type Words = { readonly [T in EventType]: readonly [from: number, (event: EventOf<T>) => string] | "silent" };

const environment = ({ path, source, version }: EventOf<"EnvSelected">) =>
  `environment ${path} (${source}), Python ${version}`;

const WORDS: Words = {
  CommandStart: "silent",
  CommandEnd: "silent",
  ResolveStart: [1, ({ requirements }) => `resolving ${counted(requirements, "requirement")}`],
  ResolveProgress: "silent",
  ResolveComplete: [
    1,
    (event) => `resolved ${counted(event.packages, "package")}${event.from_cache ? " from the cache" : ""}`,
  ],
  DownloadStart: "silent",
  DownloadProgress: "silent",
  DownloadComplete: [
    1,
    ({ file, bytes, cached }) => `${cached ? "took from the cache" : "downloaded"} ${file} (${formatSize(bytes)})`,
  ],
  BuildStart: [1, (event) => `building ${event.package} with ${event.backend}`],
  BuildTask: [2, ({ package: name, task }) => `building ${name}: ${task}`],
  BuildComplete: [1, ({ package: name, cache }) => `${cache ? "took the built" : "built"} ${name}`],
  InstallStart: "silent",
  InstallProgress: "silent",
  InstallComplete: [
    1,
    ({ installed, removed, kept, link_mode }) =>
      `${installed} installed, ${removed} removed, ${kept} kept by ${link_mode} linking`,
  ],
  EnvSelected: [1, (event) => `using ${environment(event)}`],
  EnvCreated: [1, (event) => `created ${environment(event)}`],
  PythonSelected: [1, ({ path, source, version }) => `using Python ${version} (${source}) at ${path}`],
  ScriptStart: [1, ({ target, exec_mode }) => `running ${target} (${exec_mode})`],
  ScriptEnd: [1, ({ target, exit_code }) => `${target} ended with exit code ${exit_code}`],
  RunPhase: [1, ({ phase, duration_ms }) => `${phase} took ${formatDuration(duration_ms)}`],
  WatchStart: [1, ({ backend }) => `watching with ${backend}`],
  WatchChange: [2, ({ paths }) => `changed: ${paths.join(", ")}`],
  Reload: "silent",
  CacheHit: [2, ({ cache, key }) => `${cache} has ${key}`],
  CacheMiss: [2, ({ cache, key }) => `${cache} lacks ${key}`],
  CacheEvict: [1, ({ cache, key }) => `${cache} dropped ${key}`],
  NetworkAccess: [1, ({ op, url, status, duration_ms }) => `${op} ${url} ${status} in ${formatDuration(duration_ms)}`],
  Waiting: [1, ({ reason }) => `waiting ${reason}`],
  Prompt: "silent",
  Artifact: [1, ({ path, size }) => `wrote ${path} (${formatSize(size)})`],
  Diagnostic: "silent",
  Report: "silent",
};

/** The line `-v` prints for an event, lower case, without colour; undefined when it has none at this verbosity. */
export function verboseLine(event: Event, verbosity: number): string | undefined {
  const words = WORDS[event.type];
  if (words === "silent" || verbosity < words[0]) return undefined;
  return words[1](event as never);
}
