import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../plugin-api/error.ts";
import type { Session } from "../plugin-api/session.ts";
import { blameOf } from "./failure.ts";
import { Stage } from "./stage.ts";

const sessions = (plugin: string) => ({ cwd: plugin }) as Session;
type Input = { readonly said: readonly string[] };
type Taps = Record<
  string,
  { order?: "pre" | "post"; when?: (input: Input) => boolean; load: () => Promise<{ default: unknown }> }
>;
const stage = () => {
  const tapped: { plugin: string; taps: Taps }[] = [];
  const made = (): {
    run: (input: Input, of: typeof sessions) => Promise<unknown>;
    atHand: (input: Input, of: typeof sessions) => unknown;
  } => new Stage("link", tapped) as never;
  return {
    tap: (plugin: string, taps: Taps) => void tapped.push({ plugin, taps }),
    made,
    run: (input: Input, of: typeof sessions) => made().run(input, of),
  };
};
const load = (handler: unknown) => async () => ({ default: handler });

test("prepare rewrites in order, pre and post around the rest", async () => {
  const link = stage();
  const say = (word: string) => load(async (input: Input) => ({ said: [...input.said, word] }));
  link.tap("a", { prepare: { order: "post", load: say("post") } });
  link.tap("b", { prepare: { load: say("b") } });
  link.tap("c", { prepare: { load: say("c") } });
  link.tap("d", { prepare: { order: "pre", load: say("pre") } });
  link.tap("e", { perform: { load: load(async (input: Input) => input.said.join()) } });
  assert.is(await link.run({ said: [] }, sessions), "pre,b,c,post");
});

test("the first answer wins; null is an answer, undefined is none", async () => {
  const link = stage();
  let isAsked = false;
  link.tap("a", { perform: { load: load(async () => undefined) } });
  link.tap("b", { perform: { load: load(async () => null) } });
  link.tap("c", { perform: { load: load(async () => (isAsked = true)) } });
  assert.is(await link.run({ said: [] }, sessions), null);
  assert.not(isAsked);
});

test("a tap that says it leaves an input alone is not loaded for it", async () => {
  const link = stage();
  let loads = 0;
  const counted = async () => ({ default: async () => `answer ${++loads}` });
  link.tap("a", { perform: { when: ({ said }: Input) => said.includes("a"), load: counted } });
  link.tap("b", { perform: { load: load(async () => "b") } });
  assert.is(await link.run({ said: [] }, sessions), "b");
  assert.is(loads, 0);
  assert.is(await link.run({ said: ["a"] }, sessions), "answer 1");
});

test("every settle is told input and output", async () => {
  const link = stage();
  const told: unknown[] = [];
  link.tap("a", { perform: { load: load(async () => "out") } });
  for (const name of ["b", "c"])
    link.tap(name, { settle: { load: load(async (...all: unknown[]) => void told.push(all.slice(0, 2))) } });
  await link.run({ said: ["in"] }, sessions);
  assert.equal(told, [
    [{ said: ["in"] }, "out"],
    [{ said: ["in"] }, "out"],
  ]);
});

test("nobody answering is E_NO_HANDLER", async () => {
  const error = await stage()
    .run({ said: [] }, sessions)
    .catch((thrown: PybunError) => thrown);
  assert.is((error as PybunError).code, "E_NO_HANDLER");
});

test("an error remembers plugin and stage", async () => {
  const link = stage();
  link.tap("bad", {
    perform: {
      load: load(async () => {
        throw new TypeError("x");
      }),
    },
  });
  const error = await link.run({ said: [] }, sessions).catch((thrown: unknown) => thrown);
  assert.equal(blameOf(error), { plugin: "bad", stage: "link" });
});

test("inputs are frozen and handlers get their own plugin's session, loaded once", async () => {
  const link = stage();
  let loads = 0;
  link.tap("own", {
    perform: {
      load: async () => {
        loads++;
        return { default: async (input: Input, session: Session) => [Object.isFrozen(input), session.cwd] };
      },
    },
  });
  const made = link.made();
  assert.equal(await made.run({ said: [] }, sessions), [true, "own"]);
  await made.run({ said: [] }, sessions);
  assert.is(loads, 1);
});

test("what is at hand is told without waiting by the first plugin that is asked, once it is loaded", async () => {
  const link = stage();
  const answering = (word: string, atHand?: (input: Input, session: Session) => unknown) => ({
    perform: { load: async () => ({ default: async () => word, ...(atHand && { atHand }) }) },
  });
  link.tap("elsewhere", { perform: { when: () => false, load: load(async () => "never") } });
  link.tap(
    "late",
    answering("late", () => "late at hand"),
  );
  const first = answering("first", ({ said }, { cwd }) => (said.length > 0 ? [cwd, ...said] : undefined));
  link.tap("first", { perform: { ...first.perform, order: "pre" } });
  const made = link.made();
  assert.is(made.atHand({ said: ["a"] }, sessions), undefined);
  assert.is(await made.run({ said: ["a"] }, sessions), "first");
  const answer = made.atHand({ said: ["a"] }, sessions);
  assert.equal([answer, Object.isFrozen(answer)], [["first", "a"], true]);
  assert.is(made.atHand({ said: [] }, sessions), undefined, "what it does not have, the next one is not asked for");
});

test("nothing is at hand where the first one asked has to be waited for, fails, or others rewrite or are told", async () => {
  const atHand = async () => ({ default: async () => "x", atHand: () => "x" });
  const failing = async () => ({ default: async () => "x", atHand: () => assert.unreachable() });
  const ways: Readonly<Record<string, Record<string, { readonly load: () => Promise<{ default: unknown }> }>>>[] = [
    { a: { perform: { load: load(async () => "y") } }, b: { perform: { load: atHand } } },
    { a: { perform: { load: failing } } },
    { a: { perform: { load: atHand }, prepare: { load: load(async (input: Input) => input) } } },
    { a: { perform: { load: atHand }, settle: { load: load(async () => {}) } } },
  ];
  for (const way of ways) {
    const link = stage();
    for (const [plugin, taps] of Object.entries(way)) link.tap(plugin, taps);
    const made = link.made();
    await made.run({ said: [] }, sessions);
    assert.is(made.atHand({ said: [] }, sessions), undefined);
  }
});

test.run();
