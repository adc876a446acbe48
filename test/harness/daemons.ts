import * as assert from "uvu/assert";
import { inPlace, type Place, type PlaceOptions } from "./project.ts";
import { until } from "./until.ts";

/** A project without dependencies. */
export const PROJECT = `[project]
name = "app"
version = "1"
requires-python = ">=3.9"
dependencies = []
`;
export const ON = { PYBUN_DAEMON: "on" };

/** A daemon, as `daemon status` tells of it. */
export interface DaemonStatus {
  readonly pid: number;
  readonly served: number;
  readonly terminal: number | null;
}
/** Those of a place, used last first. */
export async function daemons(place: Place): Promise<readonly DaemonStatus[]> {
  const { json } = await place.run(["--format=json", "daemon", "status"], { cwd: place.home });
  return (json().data as { daemons: readonly DaemonStatus[] }).daemons;
}
/** The only one of a place. */
export async function oneDaemon(place: Place): Promise<DaemonStatus> {
  const all = await daemons(place);
  assert.is(all.length, 1, JSON.stringify(all));
  return all[0] as DaemonStatus;
}

/** Waits until the daemon has come back from so many commands: before that, the next one would be run by itself. */
export async function hasServed(place: Place, count: number): Promise<void> {
  let seen: readonly DaemonStatus[] = [];
  const isSo = async () => {
    seen = await daemons(place);
    return seen.length === 1 && (seen[0] as DaemonStatus).served >= count;
  };
  await until(isSo, `${count} served`).catch((error: Error) => assert.unreachable(`${error.message}: ${show(seen)}`));
  assert.is(seen[0]?.served, count);
}
const show = (seen: readonly DaemonStatus[]): string => JSON.stringify(seen);

/** A place with a project and a daemon that has run a command. */
export const withDaemon = (body: (place: Place) => Promise<void>, options: PlaceOptions) =>
  inPlace(
    async (place) => {
      try {
        place.write({ "pyproject.toml": PROJECT });
        await startDaemon(place);
        await body(place);
      } finally {
        await place.run(["daemon", "stop"]);
      }
    },
    { ...options, env: { ...ON, ...options.env } },
  );

/** Has a place's commands start a daemon, which has then run one that succeeded and changed nothing. */
export async function startDaemon(place: Place): Promise<void> {
  await until(async () => {
    await place.run(["add", "--dry-run", "beta"]);
    return (await daemons(place)).some((daemon) => daemon.served > 0);
  }, "a daemon");
}
