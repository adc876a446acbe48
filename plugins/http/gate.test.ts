import { test } from "uvu";
import * as assert from "uvu/assert";
import { gate } from "./gate.ts";

test("the heaviest of those who wait goes first, equals in their order", async () => {
  const order: string[] = [];
  const { run } = gate(2);
  const work = (name: string, weight?: number) =>
    run(async () => {
      order.push(name);
      await new Promise((resolve) => setImmediate(resolve));
    }, weight);
  const jobs: [string, number?][] = [["a"], ["b"], ["light", 1], ["heavy", 9], ["c", 5], ["d", 5], ["none"]];
  await Promise.all(jobs.map(([name, weight]) => work(name, weight)));
  assert.equal(order, ["a", "b", "heavy", "c", "d", "light", "none"]);
});

test("a place is free again after a failure", async () => {
  const { run } = gate(1);
  const results = await Promise.allSettled([run(() => Promise.reject(new Error("no"))), run(async () => 1)]);
  assert.equal(
    results.map(({ status }) => status),
    ["rejected", "fulfilled"],
  );
});

test.run();
