import { test } from "uvu";
import * as assert from "uvu/assert";
import { API_VERSION } from "../plugin-api/plugin.ts";
import { assemble } from "./assemble.ts";
import { openSessions } from "./session.ts";

type Handler = () => Promise<unknown>;
const opened = (load: () => Promise<{ default: Handler }>) => {
  const member = { name: "own", apiVersion: API_VERSION, origin: "preset x", stages: { link: { perform: { load } } } };
  const assembly = assemble([member as never]);
  const { signal } = new AbortController();
  const shared = { assembly, cwd: "/", signal, settings: new Map(), given: new Map(), observers: [] };
  return () => openSessions(shared);
};

test("a stage that was begun and never ended is told of, by the run it belongs to", async () => {
  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let asked = 0;
  const open = opened(async () => ({
    default: async () => {
      begun.resolve();
      if (++asked === 1) await end.promise;
      return {};
    },
  }));
  const [one, other] = [open(), open()];
  const slow = one.of("own").run("link", {} as never);
  await begun.promise;
  await other.of("own").run("link", {} as never);
  assert.equal([one.unfinished(), other.unfinished()], [["link"], []]);
  end.resolve();
  await slow;
  assert.equal(one.unfinished(), []);
});

test("a stage that failed has ended", async () => {
  const sessions = opened(async () => ({ default: () => Promise.reject(new TypeError("x")) }))();
  await sessions
    .of("own")
    .run("link", {} as never)
    .catch(() => undefined);
  assert.equal(sessions.unfinished(), []);
});

test("what answers a stage is loaded once for all runs of the same plugins", async () => {
  const counts = { loads: 0, runs: 0 };
  const open = opened(async () => {
    counts.loads++;
    return { default: async () => ({ runs: ++counts.runs }) };
  });
  for (let run = 0; run < 2; run++)
    await open()
      .of("own")
      .run("link", {} as never);
  assert.equal(counts, { loads: 1, runs: 2 });
});

test.run();
