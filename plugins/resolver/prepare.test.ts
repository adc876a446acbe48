import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { DEFAULT_POLICY, type ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { Clock, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { linuxTarget } from "../../test/harness/fake-index.ts";
import prepare from "./prepare.ts";

const test = suite("resolver's settings");

const UNSET = {
  resolution: "highest",
  prerelease: "if-necessary",
  preferBinary: false,
  noBuild: false,
  noBuildPackage: [],
  noBinary: false,
  noBinaryPackage: [],
  excludeNewer: undefined,
  constraints: [],
  overrides: [],
};
const services: Readonly<Record<string, unknown>> = {
  [Clock.name]: { nowMs: () => Date.UTC(2026, 0, 31) },
  [SettingsTable.name]: { get: () => ({ origin: { kind: "file", name: "pyproject.toml", line: 7 } }) },
};
const sessionWith = (settings: object): Session =>
  ({
    settings: { ...UNSET, ...settings },
    use: async (key: { readonly name: string }) => services[key.name],
  }) as unknown as Session;

const prepared = (settings: object, policy: Partial<ResolutionPolicy> = {}) =>
  prepare(
    { demands: [], target: linuxTarget("3.12.1"), policy: { ...DEFAULT_POLICY, ...policy } },
    sessionWith(settings),
  );

test("without settings a request stays as it is", async () => {
  const { policy, constraints, overrides } = await prepared({});
  assert.equal(policy, DEFAULT_POLICY);
  assert.equal([constraints, overrides], [[], []]);
});

test("settings fill in what a request leaves open", async () => {
  const { policy } = await prepared({
    resolution: "lowest",
    prerelease: "allow",
    preferBinary: true,
    noBuildPackage: ["Foo_Bar"],
    noBinary: true,
    excludeNewer: "2025-06-01",
  });
  assert.equal(policy, {
    resolution: "lowest",
    prerelease: "allow",
    prefersBinary: true,
    noBuild: ["foo-bar"],
    noBinary: [":all:"],
    excludeNewerMs: Date.UTC(2025, 5, 2),
  });
});

test("what a request says stands, and of two cut-offs the earlier", async () => {
  const own = { resolution: "lowest-direct", excludeNewerMs: Date.UTC(2024, 0, 1) } as const;
  const { policy } = await prepared({ resolution: "lowest", excludeNewer: "7 days" }, own);
  assert.equal([policy.resolution, policy.excludeNewerMs], ["lowest-direct", Date.UTC(2024, 0, 1)]);
  const { policy: later } = await prepared({ excludeNewer: "7 days" }, { excludeNewerMs: Date.UTC(2030, 0, 1) });
  assert.is(later.excludeNewerMs, Date.UTC(2026, 0, 24));
});

test("an age of files, counted from the full hour, and the exemptions of packages", async () => {
  const { policy } = await prepared({ minReleaseAge: "7 days", excludeNewer: "2026-01-30" });
  assert.is(policy.excludeNewerMs, Date.UTC(2026, 0, 24));
  const { policy: own } = await prepared({
    excludeNewer: "2020-01-01",
    minReleaseAge: "1 day",
    excludeNewerPackage: { "Foo.Bar": "2021-01-01", mine: false },
  });
  assert.equal(own.excludeNewerPackages, { "foo-bar": Date.UTC(2021, 0, 2), mine: null });
  assert.is(own.excludeNewerMs, Date.UTC(2020, 0, 2));
});

test("pip's lists may take back what they said", async () => {
  const { policy } = await prepared({ noBinaryPackage: [":all:", ":none:", "numpy"] });
  assert.equal(policy.noBinary, ["numpy"]);
});

test("constraints and overrides say where they stand", async () => {
  const { constraints, overrides } = await prepared({ constraints: ["a<2"], overrides: ["B==1"] });
  const origin = "pyproject.toml:7";
  assert.equal(constraints, [{ requirement: parseRequirement("a<2"), text: "a<2", origin }]);
  assert.equal(overrides, [{ requirement: parseRequirement("b==1"), text: "B==1", origin }]);
});

for (const settings of [
  { excludeNewer: "yesterday" },
  { constraints: ["a<"] },
  { minReleaseAge: "2026-01-01" },
  { minReleaseAge: "soon" },
  { excludeNewerPackage: { a: true } },
  { excludeNewerPackage: { a: "soon" } },
]) {
  test(`refuses ${JSON.stringify(settings)} with the place it was set`, async () => {
    const error = await prepared(settings).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof PybunError)) throw error;
    assert.is(error.code, "E_CONFIG_INVALID");
    assert.equal(error.detail.evidence, ["set by  pyproject.toml:7"]);
  });
}

test.run();
