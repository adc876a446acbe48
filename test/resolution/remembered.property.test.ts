import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PageName } from "../../plugin-api/model/requirement.ts";
import { DEFAULT_POLICY, type Request, type Resolution } from "../../plugin-api/model/resolution.ts";
import { pageStampsOf } from "../../plugin-api/page-stamps.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import type { ServiceKey } from "../../plugin-api/service.ts";
import { Catalogue, Host, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import keep from "../../plugins/hints/keep.ts";
import recall from "../../plugins/hints/recall.ts";
import resolve from "../../plugins/resolver/resolve.ts";
import { fakeIndex, linuxTarget } from "../harness/fake-index.ts";
import { catalogueOf } from "../harness/plugin-session.ts";
import type { Release } from "../harness/release.ts";

const NAMES = ["a", "b", "c", "d", "e", "f"];
const requirement = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom("", "", "", "==1", "==2", ">=2", "<3", "!=3", "[x]", "[x]<3"))
  .map((parts) => parts.join(""));
const release = fc
  .record({
    name: fc.constantFrom(...NAMES),
    version: fc.constantFrom("1", "2", "3", "4rc1"),
    requires: fc.array(requirement, { maxLength: 2 }),
    extras: fc.record({ x: fc.array(requirement, { maxLength: 1 }) }, { requiredKeys: [] }),
    yanked: fc.constantFrom(false, false, false, "broken" as const),
    tags: fc.constantFrom(["py3-none-any"], ["cp313-cp313-any"], ["py3-none-any", "cp312-cp312-any"]),
    sdist: fc.boolean(),
  })
  // A release is never its own requirement: that has no meaning and is filtered by whoever publishes.
  .map((one): Release => ({ ...one, requires: one.requires.filter((text) => !text.startsWith(one.name)) }));
const idOf = ({ name, version }: Release): string => `${name} ${version}`;
const universe = fc.uniqueArray(release, { minLength: 8, maxLength: 20, selector: idOf });
/** What may become of an index: releases come, go, and are withdrawn; the same file never changes. */
const change = fc.record({
  come: fc.array(release, { maxLength: 2 }),
  go: fc.array(fc.nat(19), { maxLength: 1 }),
  withdrawn: fc.array(fc.nat(19), { maxLength: 1 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
const roots = fc.array(requirement, { minLength: 1, maxLength: 3 });

function after(before: readonly Release[], { come, go, withdrawn }: Change): readonly Release[] {
  const ids = new Set(before.map(idOf));
  return [
    ...before
      .filter((_, i) => !go.includes(i))
      .map((one, i) => (withdrawn.includes(i) ? { ...one, yanked: "withdrawn" } : one)),
    ...come.filter((one) => !ids.has(idOf(one)) && ids.add(idOf(one))),
  ];
}

const demandsOf = (texts: readonly string[]) =>
  texts.map((text) => ({ requirement: parseRequirement(text), text, origin: "here" }));
const requestFor = (texts: readonly string[]): Request => ({
  demands: demandsOf(texts),
  target: linuxTarget("3.12.4"),
  policy: DEFAULT_POLICY,
});

const never = () => Promise.reject(new Error("nothing of the plugin is loaded"));
const index = definePlugin({
  name: "index",
  version: "1",
  apiVersion: 1,
  summary: "",
  maturity: "stable",
  stages: { "fetch.versions": { perform: { load: never } } },
  services: [provide(pageStampsOf("index"), never)],
});

/** A session over an index whose stamps are the listed releases themselves. */
function sessionOver(releases: readonly Release[], dataDir: string): Session {
  const stamp = async (names: readonly PageName[]) =>
    JSON.stringify(names.map(({ name }) => releases.filter((one) => one.name === name)));
  const services: readonly (readonly [ServiceKey<unknown>, unknown])[] = [
    [Host, { dataDir, version: "1" }],
    [Catalogue, catalogueOf([index])],
    [SettingsTable, { entries: [] }],
    [pageStampsOf("index"), { used: stamp, current: stamp }],
  ];
  const given = new Map(services.map(([key, value]) => [key.name, value]));
  const { session } = fakeIndex({ indexes: { company: releases } });
  return { ...session, use: async <T>(key: ServiceKey<T>) => given.get(key.name) as T };
}

/** Undefined where there is none: why, is not of interest here. */
const fresh = async (request: Request, session: Session): Promise<Resolution | undefined> =>
  resolve(request, session).catch(() => undefined);

const inFolder = async (body: (folder: string) => Promise<void>): Promise<void> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hints-"));
  try {
    await body(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
};

test("what is remembered equals what would be resolved, whatever became of the index (PROP-9)", async () => {
  const RUNS = Number(process.env["RUNS"] ?? 200);
  let hits = 0;
  let misses = 0;
  const body = async (before: readonly Release[], changed: Change, texts: readonly string[]) => {
    await inFolder(async (folder) => {
      const request = requestFor(texts);
      const first = sessionOver(before, folder);
      const made = await fresh(request, first);
      if (!made) return;
      await keep(request, made, first);
      const again = requestFor(texts);
      assert.equal(await recall(again, sessionOver(before, folder)), { ...made, isFromCache: true });
      const now = sessionOver(after(before, changed), folder);
      const remembered = await recall(again, now);
      if (!remembered) return void misses++;
      hits++;
      assert.equal(remembered, { ...(await fresh(again, now)), isFromCache: true });
    });
  };
  await fc.assert(fc.asyncProperty(universe, change, roots, body), { numRuns: RUNS });
  assert.ok(hits > RUNS / 20 && misses > RUNS / 20, `${hits} hits and ${misses} misses of ${RUNS}`);
});

test.run();
