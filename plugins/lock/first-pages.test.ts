import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import type { Session } from "../../plugin-api/session.ts";
import { firstPages } from "./first-pages.ts";
import type { LockInputs } from "./inputs.ts";

const test = suite("first pages");

const demand = (text: string, index?: string): Demand => ({
  requirement: { ...parseRequirement(text), ...(index !== undefined && { index }) },
  text,
  origin: "pyproject.toml",
});
const inputs = (roots: readonly Demand[], more: object = {}): LockInputs =>
  ({
    roots: roots.map((each) => ({ owner: { kind: "project" }, demand: each })),
    own: [],
    constraints: [],
    overrides: [],
    indexPins: [],
    exclusions: [],
    ...more,
  }) as unknown as LockInputs;

async function asked(given: LockInputs, { isOffline = false, isKnown = false } = {}): Promise<readonly string[]> {
  const names: string[] = [];
  const session = {
    use: () => Promise.resolve({ isOffline }),
    run: (_: string, { name }: { readonly name: string }) => {
      names.push(name);
      return Promise.reject(new Error("no such page"));
    },
  } as unknown as Session;
  await firstPages(given, isKnown ? Promise.resolve() : new Promise(() => undefined), session);
  return names.sort();
}

test("what a project requires is asked for once while something else takes its time", async () => {
  const plain = inputs([demand("alpha>=1"), demand("beta"), demand("alpha<3")]);
  assert.equal(await asked(plain), ["alpha", "beta"]);
  assert.equal(await asked(plain, { isKnown: true }), []);
  assert.equal(await asked(plain, { isOffline: true }), []);
});

test("nothing is asked for that may not be needed, or may have to come from elsewhere", async () => {
  const roots = [
    demand("alpha"),
    demand("beta"),
    demand("gamma @ https://files.example/gamma-1.0.zip"),
    demand("gamma"),
    demand("delta", "company"),
    demand("delta"),
    demand('epsilon; sys_platform == "win32"'),
  ];
  assert.equal(await asked(inputs(roots)), ["alpha", "beta"]);
  const pins = { indexPins: [{ name: "alpha", index: "company", marker: "" }] };
  assert.equal(await asked(inputs(roots, pins)), ["beta"]);
  const other = demand("beta @ https://files.example/beta-1.0.zip");
  assert.equal(await asked(inputs(roots, { constraints: [other], exclusions: ["alpha"] })), []);
  assert.equal(await asked(inputs(roots, { overrides: [other] })), ["alpha"]);
  assert.equal(await asked(inputs(roots, { own: [other] })), ["alpha"]);
});

test.run();
