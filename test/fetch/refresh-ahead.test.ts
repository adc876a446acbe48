import { suite } from "uvu";
import * as assert from "uvu/assert";
import { definePlugin } from "../../plugin-api/plugin.ts";
import type { Session } from "../../plugin-api/session.ts";
import http from "../../plugins/http/index.ts";
import pypi from "../../plugins/pypi/index.ts";
import { startIndex } from "../harness/index-server.ts";
import { createRunPlace } from "../harness/index-session.ts";

const test = suite("refresh ahead");

/** Requests there had been when each page was answered. */
const steps: number[] = [];
let count = (): number => 0;
const inTurn = async (session: Session): Promise<void> => {
  for (const name of ["a", "b", "c"]) {
    await session.run("fetch.versions", { name: name as never });
    steps.push(count());
  }
};
/** Settings may add to a request on its way. */
const more = [
  { text: "x<2", origin: "test", requirement: { name: "x" as never, extras: [], specifier: "<2", marker: "" } },
];
/** A resolver that waits for one page before it asks for the next. */
const resolver = definePlugin({
  name: "resolver",
  version: "1",
  apiVersion: 1,
  summary: "",
  maturity: "preview",
  stages: {
    resolve: {
      prepare: { load: async () => ({ default: async (request) => ({ ...request, constraints: more }) }) },
      perform: {
        load: async () => ({
          default: async (request, session) => {
            await inTurn(session);
            return { pins: [], target: request.target, isFromCache: false, attempts: 0 };
          },
        }),
      },
    },
    lock: {
      prepare: { load: async () => ({ default: async (request) => ({ ...request, constraints: more }) }) },
      perform: {
        load: async () => ({
          default: async (_request, session) => {
            await inTurn(session);
            return { requiresPython: "", forks: [], packages: [], roots: [], meta: {} };
          },
        }),
      },
    },
  },
});

for (const stage of ["resolve", "lock"] as const)
  test(`when one page of a known request is stale, all its pages are asked for at once: ${stage}`, async () => {
    const packages = ["a", "b", "c"].map((name) => ({ name, version: "1.0" }));
    const index = await startIndex({ packages, cacheControl: "max-age=60" });
    const place = createRunPlace();
    count = () => index.count("page");
    const resolve = async (text: string): Promise<number[]> => {
      index.forget();
      steps.length = 0;
      const run = place.run([http, pypi, resolver], { settings: { indexUrl: index.url } });
      const requirement = { name: "a" as never, extras: [], specifier: "", marker: "" };
      const demands = [{ text, origin: "test", requirement }];
      const root = { owner: { kind: "project", name: "", member: "" }, demand: demands[0] } as never;
      if (stage === "resolve") await run.session.run("resolve", { demands, target: {} as never, policy: {} as never });
      else await run.session.run("lock", { roots: [root], constraints: [] } as never);
      run.end();
      return [...steps];
    };
    try {
      assert.equal(await resolve("a"), [1, 2, 3]);
      assert.equal(await resolve("a"), [0, 0, 0]);
      place.nowMs += 61_000;
      assert.equal((await resolve("a")).at(-1), 3);
      assert.ok((steps[1] as number) === 3, "the third page was asked for before the second had come");
      place.nowMs += 61_000;
      assert.equal(await resolve("another"), [1, 2, 3]);
    } finally {
      await index.stop();
      place.remove();
    }
  });

test.run();
