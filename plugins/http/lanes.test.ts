import { suite } from "uvu";
import * as assert from "uvu/assert";
import { lanes as makeLanes, NotShared } from "./lanes.ts";
import { speaking } from "./speaking.ts";

const test = suite("lanes of requests");

/** Sends as a client does that tries nothing twice. */
function lanes(places: number, mayShare: (url: string) => boolean, known = speaking()) {
  const { to } = makeLanes({ places, mayShare, speaking: known });
  const run = async <T>(url: string, work: (isShared: boolean) => Promise<T>): Promise<T> => {
    const found = to(url);
    const lane = found instanceof Promise ? await found : found;
    await lane.enter();
    if (lane.isClosed()) {
      lane.leave();
      return run(url, work);
    }
    try {
      const answer = await work(lane.isShared);
      lane.tell(true);
      return answer;
    } catch (error) {
      lane.tell(error instanceof NotShared ? false : undefined);
      if (!(error instanceof NotShared)) throw error;
    } finally {
      lane.leave();
    }
    return run(url, work);
  };
  return { run };
}

/** Counts what runs at once, by how it was sent; `speaksHttp2` says whether the server does at this moment. */
function counting(speaksHttp2: (nth: number) => boolean) {
  const open = { shared: 0, own: 0 };
  const most = { shared: 0, own: 0 };
  let sent = 0;
  const work = async (isShared: boolean): Promise<string> => {
    const kind = isShared ? "shared" : "own";
    const nth = sent++;
    most[kind] = Math.max(most[kind], ++open[kind]);
    await new Promise((resolve) => setImmediate(resolve));
    open[kind]--;
    if (isShared && !speaksHttp2(nth)) throw new NotShared();
    return kind;
  };
  return { work, most, sent: () => sent };
}

const many = <T>(count: number, work: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)));

for (const [what, speaksHttp2, mayShare, most, atLeast] of [
  ["over HTTP/2 more requests run at once", () => true, true, { shared: 12, own: 2 }, 40],
  ["a server that speaks HTTP/1.1 is asked once", () => false, true, { shared: 1, own: 2 }, 41],
  ["nobody asks where it may not be", () => true, false, { shared: 0, own: 2 }, 40],
  ["a server that no longer speaks it is asked as before", (nth: number) => nth < 20, true, { shared: 12, own: 2 }, 41],
] as const)
  test(what, async () => {
    const { work, most: reached, sent } = counting(speaksHttp2);
    const { run } = lanes(2, () => mayShare);
    const answers = await many(40, () => run("https://index/simple/a/", work));
    assert.is(answers.length, 40);
    assert.equal(reached, most);
    assert.ok(sent() >= atLeast && sent() <= atLeast + 12, String(sent()));
  });

for (const [what, speaksHttp2, laterMs, expected] of [
  ["a run that comes after one over HTTP/2 does not ask", true, 0, { sent: 40, shared: 12, own: 1 }],
  ["nor does one after one over HTTP/1.1", false, 0, { sent: 40, shared: 0, own: 40 }],
  ["what was found out long ago is found out again", false, 60_001, { sent: 41, shared: 1, own: 40 }],
] as const)
  test(what, async () => {
    let nowMs = 0;
    const known = speaking(() => nowMs);
    const run = (work: (isShared: boolean) => Promise<string>) => {
      const own = lanes(2, () => true, known);
      return many(40, () => own.run("https://index/simple/a/", work));
    };
    await run(counting(() => speaksHttp2).work);
    nowMs += laterMs;
    const { work, most, sent } = counting(() => speaksHttp2);
    const answers = await run(work);
    const own = answers.filter((kind) => kind === "own").length;
    assert.equal({ sent: sent(), shared: most.shared, own }, expected);
  });

test("few requests are sent as ever", async () => {
  const { work, most } = counting(() => true);
  const { run } = lanes(4, () => true);
  for (let i = 0; i < 5; i++) await many(2, () => run("https://index/a", work));
  assert.is(most.shared, 0);
});

test("each server is asked for itself", async () => {
  const { run } = lanes(2, () => true);
  const servers = { one: counting(() => true), other: counting(() => false) };
  await many(40, (i) =>
    i % 2 === 0 ? run("https://one", servers.one.work) : run("https://other/a", servers.other.work),
  );
  assert.is(servers.one.most.shared, 12);
  assert.is(servers.other.most.shared, 1);
  assert.ok(servers.other.most.own <= 2);
});

test("a failure of the first that asks is its own alone", async () => {
  const { run } = lanes(1, () => true);
  let count = 0;
  const work = async (isShared: boolean): Promise<string> => {
    const nth = count++;
    await new Promise((resolve) => setImmediate(resolve));
    if (nth === 1) throw new Error("cut");
    return isShared ? "shared" : "own";
  };
  const settled = await Promise.allSettled(Array.from({ length: 6 }, () => run("https://index/a", work)));
  assert.is(settled.filter(({ status }) => status === "rejected").length, 1);
});

test.run();
