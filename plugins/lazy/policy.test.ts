import { test } from "uvu";
import * as assert from "uvu/assert";
import { findCulprits } from "./find-culprits.ts";
import { importTimes } from "./import-times.ts";
import { decide, type LazyPolicy } from "./policy.ts";

const policy: LazyPolicy = {
  mode: "profile",
  allow: ["pandas", "xml.*", "os"],
  deny: ["pandas.io", "app:pandas"],
  importers: ["first-party"],
  fallback: true,
  logImports: false,
};

const decisions: readonly (readonly [module: string, change: Partial<LazyPolicy>, lazy: boolean, rule: string])[] = [
  ["pandas", {}, true, "run.lazy.allow pandas"],
  ["pandas.core", {}, true, "run.lazy.allow pandas"],
  ["pandasql", {}, false, "not in run.lazy.allow"],
  ["pandas.io.sql", {}, false, "run.lazy.deny pandas.io"],
  ["xml", {}, false, "not in run.lazy.allow"],
  ["xml.dom", {}, true, "run.lazy.allow xml.*"],
  ["os", {}, false, "built-in deny list os"],
  ["six.moves", { mode: "all" }, false, "built-in deny list six"],
  ["torch", { mode: "all" }, true, "run.lazy.mode all"],
  ["torch", { mode: "all", deny: ["*"] }, false, "run.lazy.deny *"],
  ["pandas", { mode: "off" }, false, "run.lazy.mode off"],
];
for (const [module, change, isLazy, rule] of decisions)
  test(`${module} ${JSON.stringify(change)}: ${rule}`, () => {
    const found = decide({ ...policy, ...change }, module);
    assert.equal([found.isLazy, [found.rule, found.pattern].filter(Boolean).join(" ")], [isLazy, rule]);
  });

test("an entry of deny for one importer is an exception, not a decision", () => {
  assert.equal(decide(policy, "pandas").exceptions, ["app:pandas"]);
});

test("the imports that must not wait are found, also where denying one shows others", async () => {
  const waited = [
    { importer: "a.one", line: 1, modules: ["x"], isUsed: true },
    { importer: "a.two", line: 1, modules: ["y"], isUsed: false },
    { importer: "b", line: 3, modules: ["z"], isUsed: true },
    ...Array.from({ length: 20 }, (_, at) => ({ importer: `c.m${at}`, line: 1, modules: ["x"], isUsed: false })),
  ];
  const hidden = { importer: "a.late", line: 9, modules: ["w"], isUsed: true };
  const denies = (deny: readonly string[], importer: string, module: string): boolean =>
    deny.some((entry) => {
      const [who = "", what] = entry.split(":");
      return (importer === who || importer.startsWith(`${who}.`)) && (what === "*" || what === module);
    });
  let runs = 0;
  const culprits = await findCulprits(waited, async (deny) => {
    runs++;
    const isOne = denies(deny, "a.one", "x");
    return { isSame: isOne && denies(deny, "a.late", "w"), waited: isOne ? [...waited, hidden] : waited };
  });
  assert.equal([...(culprits ?? [])].sort(), ["a.late:w", "a.one:x"]);
  assert.ok(runs < 60, String(runs));
});

test("where no list will do there is none", async () => {
  const waited = [{ importer: "a", line: 1, modules: ["x"], isUsed: true }];
  assert.is(await findCulprits(waited, async () => ({ isSame: false, waited })), undefined);
});

test("what importing takes is read from -X importtime", () => {
  const stderr =
    "import time: self [us] | cumulative | imported package\nimport time:       100 |       1500 |   json\nother\n";
  assert.equal([...importTimes(stderr)], [["json", 1.5]]);
});

test.run();
