import path from "node:path";
import { type BackgroundProcess, backgroundBelow } from "../../plugin-api/system/background-process.ts";

/** A daemon that runs. */
export interface Daemon extends Omit<BackgroundProcess, "more"> {
  readonly startedMs: number;
  /** Commands that it has run. */
  readonly served: number;
}

/** The daemons below a data directory, used last first. */
export const runningDaemons = (dataDir: string): readonly Daemon[] =>
  backgroundBelow(path.join(dataDir, "daemon")).map(({ more: [started, served], ...daemon }) => ({
    ...daemon,
    startedMs: Number(started),
    served: Number(served),
  }));

/** As data of the commands. */
export const describe = ({ pid, terminal, startedMs, lastUsedMs, served, bytes }: Daemon) => ({
  pid,
  terminal,
  started: new Date(startedMs).toISOString(),
  last_used: new Date(lastUsedMs).toISOString(),
  served,
  bytes,
});
