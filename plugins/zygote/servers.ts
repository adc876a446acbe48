import path from "node:path";
import { type BackgroundProcess, backgroundBelow } from "../../plugin-api/system/background-process.ts";

/** A fork server that runs. */
export interface Server extends Omit<BackgroundProcess, "more"> {
  readonly python: string;
  readonly environment: string;
  readonly startedMs: number;
  readonly modules: number;
  readonly served: number;
  readonly running: number;
}

/** The servers below a data directory, used last first. */
export const runningServers = (dataDir: string): readonly Server[] =>
  backgroundBelow(path.join(dataDir, "zygote")).map(({ more, ...server }) => {
    const [python = "", environment = "", started, modules, served, running] = more;
    return {
      ...server,
      python,
      environment,
      startedMs: Number(started) * 1000,
      modules: Number(modules),
      served: Number(served),
      running: Number(running),
    };
  });

/** As data of the commands. */
export const describe = (server: Server) => ({
  pid: server.pid,
  python: server.python,
  environment: server.environment,
  terminal: server.terminal,
  started: new Date(server.startedMs).toISOString(),
  last_used: new Date(server.lastUsedMs).toISOString(),
  modules: server.modules,
  served: server.served,
  running: server.running,
  bytes: server.bytes,
});
