import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AttemptFailed } from "./failure.ts";
import { watchIdle } from "./idle.ts";

const LIMIT_MS = 20;
const MUCH = 5000;

test("what is silent ends, what something came of and what has ended does not", async () => {
  const outer = new AbortController().signal;
  const [silent, ended, heard] = [0, 1, 2].map(() => watchIdle(LIMIT_MS, outer)) as [
    ReturnType<typeof watchIdle>,
    ReturnType<typeof watchIdle>,
    ReturnType<typeof watchIdle>,
  ];
  ended.end();
  silent.signal.addEventListener("abort", () => heard.touch(MUCH));
  await once(silent.signal, "abort");
  assert.equal([ended.signal.aborted, heard.signal.aborted], [false, false]);
  assert.throws(
    () => silent.throwIfOver(),
    (error: unknown) => error instanceof AttemptFailed && error.mayPass,
  );
  heard.throwIfOver();
  // From then on it was silent, too.
  await once(heard.signal, "abort");
  assert.throws(() => heard.throwIfOver());
  ended.throwIfOver();
});

test("a few bytes are as good as silence", async () => {
  const idle = watchIdle(LIMIT_MS, new AbortController().signal);
  const more = setInterval(() => idle.touch(1), 1);
  await once(idle.signal, "abort");
  clearInterval(more);
  assert.throws(() => idle.throwIfOver());
});

test("who stops all stops each, also one that begins later", () => {
  const outer = new AbortController();
  const idle = watchIdle(LIMIT_MS, outer.signal);
  outer.abort(new Error("enough"));
  assert.is((idle.signal.reason as Error).message, "enough");
  assert.throws(() => idle.throwIfOver(), /enough/);
  assert.is(watchIdle(LIMIT_MS, outer.signal).signal.aborted, true);
});

test.run();
