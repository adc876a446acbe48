import * as assert from "uvu/assert";
import { inPlace, type Place, type PlaceOptions } from "./project.ts";
import { until } from "./until.ts";

/** Variables with which programs are run by fork servers. */
export const FORKED = { PYBUN_ZYGOTE: "on" };

/** A test body with a place whose servers end with it. */
export const servedWith =
  (index?: PlaceOptions["index"]) =>
  (body: (place: Place) => Promise<void>): (() => Promise<void>) =>
    inPlace(
      async (place) => {
        try {
          await body(place);
        } finally {
          await place.run(["zygote", "stop"]);
        }
      },
      { ...(index && { index }), env: FORKED },
    );

/** As `zygote status` has it. */
export interface Status {
  readonly pid: number;
  readonly served: number;
  readonly modules: number;
  readonly running: number;
  readonly environment: string;
}

/** The servers of a place. */
export async function servers(place: Place): Promise<readonly Status[]> {
  const { json } = await place.run(["--format=json", "zygote", "status"]);
  return (json().data as { servers: readonly Status[] }).servers;
}

/** The one server of a place. */
export async function one(place: Place): Promise<Status> {
  const all = await servers(place);
  assert.is(all.length, 1, JSON.stringify(all));
  return all[0] as Status;
}

/** Runs something until a server of its environment is there. */
export async function warm(place: Place, words: readonly string[], options = {}): Promise<void> {
  await place.run(["run", ...words], options);
  await until(async () => {
    await place.run(["run", ...words], options);
    return (await servers(place)).some((server) => server.served > 0);
  }, "a server");
}
