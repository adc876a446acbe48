import { test } from "uvu";
import * as assert from "uvu/assert";
import { profileNames, readProfile } from "../../plugin-api/profile.ts";

const tables = {
  ci: { extends: "prod", optimise: 0, "log-level": "info" },
  fast: { extends: "ci", lazy_imports: false },
  prod: { tracing: true },
  a: { extends: "b" },
  b: { extends: "a" },
  typo: { optimize: 1 },
  kind: { timing: "yes" },
  lost: { extends: "nothing" },
  list: [],
};

test("a table of a built-in name changes that; any other takes what it does not say from what it extends", () => {
  const prod = { hotReload: false, lazyImports: true, logLevel: "warn", optimise: 1, tracing: true, timing: false };
  assert.equal(readProfile("prod", tables), { name: "prod", ...prod });
  const ci = { ...prod, optimise: 0, logLevel: "info" };
  assert.equal(readProfile("ci", tables), { name: "ci", extends: "prod", ...ci });
  assert.equal(readProfile("fast", tables), { name: "fast", extends: "ci", ...ci, lazyImports: false });
  assert.equal(profileNames({ dev: {}, own: {} }), ["dev", "prod", "benchmark", "own"]);
});

const faults: readonly (readonly [name: string, reason: string])[] = [
  ["nothing", "there is no profile `nothing`"],
  ["__proto__", "there is no profile `__proto__`"],
  ["a", "profile `a` extends itself: a, b, a"],
  [
    "typo",
    "profile `typo` has `optimize`, which is none of hot-reload, lazy-imports, log-level, optimise, tracing, timing",
  ],
  ["kind", "profile `kind` takes `true`, `false` as timing, not `yes`"],
  ["lost", "profile `lost` extends `nothing`, which there is not"],
  ["list", "profile `list` is no table"],
];
for (const [name, reason] of faults)
  test(`can't be used: ${reason}`, () => {
    const found = readProfile(name, tables);
    assert.is("fault" in found && found.reason, reason);
  });

test.run();
