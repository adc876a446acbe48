import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import type { Lock, LockRequest } from "../../plugin-api/model/lock.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { DEFAULT_POLICY, type Pin, type Request, type Resolution } from "../../plugin-api/model/resolution.ts";
import { pageStampsOf } from "../../plugin-api/page-stamps.ts";
import { API_VERSION, type Plugin, provide } from "../../plugin-api/plugin.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import type { ServiceKey } from "../../plugin-api/service.ts";
import { Catalogue, Clock, Host, SettingsTable } from "../../plugin-api/services.ts";
import { linuxTarget } from "../../test/harness/fake-index.ts";
import { catalogueOf, sessionWith } from "../../test/harness/plugin-session.ts";
import { writeHint } from "./hint.ts";
import keep from "./keep.ts";
import keepLock from "./keep-lock.ts";
import recall from "./recall.ts";
import recallLock from "./recall-lock.ts";

const never = () => Promise.reject(new Error("nothing of a plugin is loaded"));
const indexPlugin = (name: string, more: Partial<Plugin> = {}): Plugin => ({
  name,
  version: "1",
  apiVersion: API_VERSION,
  summary: "",
  maturity: "stable",
  stages: { "fetch.versions": { perform: { load: never } } },
  services: [provide(pageStampsOf(name), never)],
  ...more,
});

interface Scene {
  readonly plugins?: readonly Plugin[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly version?: string;
  /** What the plugin `index` says of its pages; undefined when it can't vouch. */
  readonly used?: string | undefined;
  readonly current?: string | undefined | Error;
  /** What it keeps is in this state, and fresh until then, in seconds; absent when it can't vouch without looking. */
  readonly standing?: { readonly state: string; readonly untilS: number };
  readonly notices?: readonly Diagnostic[];
  /** Seconds since the epoch. */
  readonly nowS?: number;
}

/** Keeps a resolution in one scene, and asks for it in another. */
class Folder {
  readonly path = fs.mkdtempSync(path.join(os.tmpdir(), "hints-"));

  session(scene: Scene) {
    const { plugins = [indexPlugin("index")], settings = {}, version = "1.2.3" } = scene;
    const entries = Object.entries(settings).map(([key, value]) => ({ key, value, option: { decidesPackages: true } }));
    const { standing, notices = [], nowS = 0 } = scene;
    const stamps = {
      notices: () => notices,
      ...(standing && { standing: () => standing }),
      used: async () => ("used" in scene ? scene.used : "stamp"),
      current: async () => {
        if (scene.current instanceof Error) throw scene.current;
        return "current" in scene ? scene.current : "stamp";
      },
    };
    const services: (readonly [ServiceKey<unknown>, unknown])[] = [
      [Host, { dataDir: this.path, version }],
      [Catalogue, catalogueOf(plugins)],
      [SettingsTable, { entries }],
      [Clock, { nowMs: () => 1000 * nowS }],
      [pageStampsOf("index"), stamps],
    ];
    return sessionWith(services);
  }

  async keep(scene: Scene = {}, request = REQUEST, resolution = RESOLUTION): Promise<readonly string[]> {
    await keep({ ...request }, resolution, this.session(scene));
    return this.files();
  }

  async recall(scene: Scene = {}, request = REQUEST) {
    const session = this.session(scene);
    return { answer: await recall({ ...request }, session), events: session.emitted };
  }

  files(): readonly string[] {
    const folder = path.join(this.path, "hints");
    return fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => path.join(folder, name)) : [];
  }
}

const inFolder = (body: (folder: Folder) => Promise<void>) => async () => {
  const folder = new Folder();
  try {
    await body(folder);
  } finally {
    fs.rmSync(folder.path, { recursive: true });
  }
};

const demand = (text: string, origin = "here") => ({ requirement: parseRequirement(text), text, origin });
const REQUEST: Request = {
  demands: [demand("a>=1"), demand("b")],
  constraints: [demand("c<3")],
  target: linuxTarget("3.12.4"),
  policy: DEFAULT_POLICY,
};
const YANKED = warning("W_YANKED", "`a 1.0` was withdrawn by its publisher");
const RESOLUTION: Resolution = {
  pins: [{ name: "a", version: "1.0" } as unknown as Pin],
  target: REQUEST.target,
  isFromCache: false,
  attempts: 3,
  warnings: [YANKED],
  consulted: [{ name: "a" as PackageName }, { name: "b" as PackageName, index: "own" }],
};

test(
  "an equal request is answered as before, warnings included, whoever asks",
  inFolder(async (folder) => {
    assert.is((await folder.recall()).answer, undefined);
    await folder.keep();
    const asked = { ...REQUEST, demands: [demand("a >= 1", "elsewhere"), demand("b")] };
    const { answer, events } = await folder.recall({}, asked);
    assert.equal(answer, { ...RESOLUTION, isFromCache: true });
    assert.equal(
      events.map((event) => event.type),
      ["CacheHit", "ResolveStart", "Diagnostic", "ResolveComplete"],
    );
    assert.equal(events[2], { type: "Diagnostic", diagnostic: YANKED });
    assert.equal(events[3], { type: "ResolveComplete", packages: 1, from_cache: true });
  }),
);

const OTHERS: Readonly<Record<string, readonly [Partial<Request>, Scene?]>> = {
  "another requirement": [{ demands: [demand("a>=2"), demand("b")] }],
  "one requirement more": [{ demands: [...REQUEST.demands, demand("d")] }],
  "another order, which decides between equals": [{ demands: REQUEST.demands.toReversed() }],
  "an extra": [{ demands: [demand("a[x]>=1"), demand("b")] }],
  "a marker": [{ demands: [demand("a>=1; python_version > '3'"), demand("b")] }],
  "an index that is named": [
    { demands: [{ ...demand("a>=1"), requirement: { ...demand("a>=1").requirement, index: "own" } }, demand("b")] },
  ],
  "a pin to an index": [{ indexPins: [{ name: "c" as PackageName, index: "own", marker: "" }] }],
  "no constraint": [{ constraints: [] }],
  "an override": [{ overrides: [demand("c<3")] }],
  "a preference": [{ preferences: new Map([["a" as PackageName, "1.0"]]) }],
  "another policy": [{ policy: { ...DEFAULT_POLICY, prerelease: "allow" } }],
  "a cut-off": [{ policy: { ...DEFAULT_POLICY, excludeNewerMs: 1_700_000_000_000 } }],
  "a cut-off of one package": [{ policy: { ...DEFAULT_POLICY, excludeNewerPackages: { a: 1_700_000_000_000 } } }],
  "another Python": [{ target: linuxTarget("3.12.5") }],
  "another setting": [{}, { settings: { "index-url": "https://other.example" } }],
  "another plugin": [{}, { plugins: [indexPlugin("index"), { ...indexPlugin("x"), stages: {} }] }],
  "another version of a plugin": [{}, { plugins: [indexPlugin("index", { version: "2" })] }],
  "another version of the product": [{}, { version: "1.2.4" }],
  "another page": [{}, { current: "another stamp" }],
  "an index that can't vouch any more": [{}, { current: undefined }],
  "an index that fails": [{}, { current: new Error("no network") }],
};
for (const [what, [request, scene]] of Object.entries(OTHERS)) {
  test(
    `is of no use for ${what}`,
    inFolder(async (folder) => {
      await folder.keep();
      const { answer, events } = await folder.recall(scene, { ...REQUEST, ...request });
      assert.is(answer, undefined);
      assert.equal(
        events.map((event) => event.type),
        ["CacheMiss"],
      );
    }),
  );
}

const silent = indexPlugin("silent", { services: [] });
const byUrlOnly = indexPlugin("by-url", {
  services: [],
  stages: { "fetch.versions": { perform: { when: ({ requirement }) => requirement?.url !== undefined, load: never } } },
});
const { consulted: _, ...UNSURE } = RESOLUTION;
const NOT_KEPT: Readonly<Record<string, Parameters<Folder["keep"]>>> = {
  "something else decided, too": [{}, REQUEST, UNSURE],
  "it was remembered itself": [{}, REQUEST, { ...RESOLUTION, isFromCache: true }],
  "an index can't vouch for what it said": [{ used: undefined }],
  "a plugin that is asked has no stamps": [{ plugins: [indexPlugin("index"), silent] }],
  "nobody is asked": [{ plugins: [] }],
  "the cut-off moves with the clock": [
    {},
    { ...REQUEST, policy: { ...DEFAULT_POLICY, excludeNewerMs: 1_700_000_000_123 } },
  ],
  "that of one package does": [
    {},
    { ...REQUEST, policy: { ...DEFAULT_POLICY, excludeNewerPackages: { a: null, b: 1_700_000_000_123 } } },
  ],
};
for (const [why, given] of Object.entries(NOT_KEPT)) {
  test(
    `nothing is kept when ${why}`,
    inFolder(async (folder) => assert.equal(await folder.keep(...given), [])),
  );
}

const STANDING = { standing: { state: "as it was", untilS: 100 }, nowS: 50 };
const NEVER_ASKED = new Error("pages were looked at");
const AFTER_A_HIT: Readonly<Record<string, readonly [Scene, isFound: boolean]>> = {
  "nothing changed": [{ ...STANDING, current: NEVER_ASKED }, true],
  "something else was kept meanwhile": [
    { ...STANDING, standing: { state: "other", untilS: 100 }, current: NEVER_ASKED },
    false,
  ],
  "something else was kept meanwhile, but not of these pages": [
    { ...STANDING, standing: { state: "other", untilS: 100 } },
    true,
  ],
  "a page grew too old": [{ ...STANDING, nowS: 100, current: NEVER_ASKED }, false],
  "it can't vouch without looking any more": [{ nowS: 50, current: NEVER_ASKED }, false],
};
for (const [what, [scene, isFound]] of Object.entries(AFTER_A_HIT)) {
  test(
    `after a hit, where ${what}`,
    inFolder(async (folder) => {
      await folder.keep(STANDING);
      assert.ok((await folder.recall(STANDING)).answer);
      assert.is((await folder.recall(scene)).answer !== undefined, isFound);
    }),
  );
}

test(
  "a hint that was made anew does not stand on what was noted of the old one",
  inFolder(async (folder) => {
    await folder.keep(STANDING);
    await folder.recall(STANDING);
    await folder.keep(STANDING, REQUEST, { ...RESOLUTION, attempts: 4 });
    assert.is((await folder.recall({ ...STANDING, current: NEVER_ASKED })).answer, undefined);
  }),
);

test(
  "what index plugins have to tell of what was chosen is told with the hit",
  inFolder(async (folder) => {
    const archived = warning("W_PROJECT_STATUS", "`a` is archived on its index");
    await folder.keep({ notices: [archived] });
    const { events } = await folder.recall();
    assert.equal(
      events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic] : [])),
      [YANKED, archived],
    );
  }),
);

test(
  "a plugin that leaves names to others needs no stamps",
  inFolder(async (folder) => {
    const scene = { plugins: [byUrlOnly, indexPlugin("index")] };
    await folder.keep(scene);
    assert.ok((await folder.recall(scene)).answer);
  }),
);

const LOCK_REQUEST: LockRequest = {
  roots: [{ owner: { kind: "project", name: "", member: "" }, demand: demand("a>=1") }],
  constraints: [],
  overrides: [],
  exclusions: [],
  requiresPython: ">=3.9",
  environments: [],
  requiredEnvironments: [],
  conflicts: [],
  forkStrategy: "requires-python",
  policy: DEFAULT_POLICY,
};
const LOCK = {
  requiresPython: ">=3.9",
  forks: [],
  packages: [{ name: "a", version: "1.0", marker: "", files: [{ filename: "a-1.0.tar.gz" }] }],
  roots: [],
  meta: {},
  warnings: [YANKED],
  consulted: [{ name: "a" }],
} as unknown as Lock;
const PREVIOUS = { ...LOCK, packages: [{ name: "a", version: "0.9", marker: "", files: [] }] } as unknown as Lock;

test(
  "an equal request for a lock is answered as before",
  inFolder(async (folder) => {
    await keepLock({ ...LOCK_REQUEST }, LOCK, folder.session({}));
    const session = folder.session({});
    const { rememberedAs, ...lock } = (await recallLock({ ...LOCK_REQUEST }, session))!;
    assert.equal(lock, { ...LOCK, isFromCache: true });
    assert.match(rememberedAs ?? "", /^[0-9a-f]{32}$/);
    assert.equal(session.emitted.at(-1), { type: "ResolveComplete", packages: 1, from_cache: true });
    assert.equal(session.emitted.at(-2), { type: "Diagnostic", diagnostic: YANKED });
    assert.is((await folder.recall()).answer, undefined, "for one environment that is another question");
    assert.is(await recallLock({ ...LOCK_REQUEST }, folder.session({ current: "another stamp" })), undefined);
  }),
);

test(
  "where the project lies does not count, its name does",
  inFolder(async (folder) => {
    const own = (name: string, place: string) => ({ constraints: [demand(`${name} @ file://${place}#member`)] });
    await keepLock({ ...LOCK_REQUEST, ...own("app", "/here") }, LOCK, folder.session({}));
    const recalled = (more: Partial<LockRequest>) => recallLock({ ...LOCK_REQUEST, ...more }, folder.session({}));
    assert.ok(await recalled(own("app", "/there")));
    assert.is(await recalled(own("other", "/here")), undefined);
    assert.is(await recalled({ constraints: [demand("app @ file:///here")] }), undefined);
  }),
);

const OTHER_LOCKS: Readonly<Record<string, Partial<LockRequest>>> = {
  "another owner": { roots: [{ ...LOCK_REQUEST.roots[0]!, owner: { kind: "group", name: "dev", member: "" } }] },
  "other words": { roots: [{ ...LOCK_REQUEST.roots[0]!, demand: { ...demand("a>=1"), text: "a >= 1" } }] },
  "a constraint": { constraints: [demand("b")] },
  "an override": { overrides: [demand("b")] },
  "an exclusion": { exclusions: ["b" as PackageName] },
  "another range": { requiresPython: ">=3.10" },
  "narrower environments": { environments: ["sys_platform == 'linux'"] },
  "required environments": { requiredEnvironments: ["sys_platform == 'linux'"] },
  "a conflict": { conflicts: [[{ kind: "group", name: "dev", member: "" }]] },
  "another strategy": { forkStrategy: "fewest" },
  "another policy": { policy: { ...DEFAULT_POLICY, resolution: "lowest" } },
  "a pin to an index": { indexPins: [{ name: "a" as PackageName, index: "own", marker: "" }] },
  "an earlier lock": { previous: PREVIOUS },
};
for (const [what, more] of Object.entries(OTHER_LOCKS)) {
  test(
    `a lock is of no use for ${what}`,
    inFolder(async (folder) => {
      await keepLock({ ...LOCK_REQUEST }, LOCK, folder.session({}));
      assert.is(await recallLock({ ...LOCK_REQUEST, ...more }, folder.session({})), undefined);
    }),
  );
}

test(
  "of an earlier lock count its choices, and which of them are to be made anew",
  inFolder(async (folder) => {
    const request: LockRequest = { ...LOCK_REQUEST, previous: PREVIOUS };
    await keepLock(request, LOCK, folder.session({}));
    const recalled = (more: Partial<LockRequest>) => recallLock({ ...request, ...more }, folder.session({}));
    assert.ok(await recalled({ previous: { ...PREVIOUS, meta: { generator: "another" } } }));
    for (const more of [
      { previous: LOCK },
      { previous: { ...PREVIOUS, forks: ["sys_platform == 'linux'"] } },
      { upgrade: true as const },
      { upgrade: new Set(["a" as PackageName]) },
    ])
      assert.is(await recalled(more), undefined, JSON.stringify(more));
  }),
);

test(
  "a damaged hint is none, wherever the damage is",
  inFolder(async (folder) => {
    const [file = ""] = await folder.keep();
    const whole = fs.readFileSync(file);
    for (let at = 0; at < whole.length; at++) {
      const broken = Buffer.from(whole);
      broken[at]! ^= 1;
      fs.writeFileSync(file, broken);
      assert.is((await folder.recall()).answer, undefined, `byte ${at}`);
      fs.writeFileSync(file, whole.subarray(0, at));
      assert.is((await folder.recall()).answer, undefined, `${at} bytes`);
    }
    fs.writeFileSync(file, whole);
    assert.ok((await folder.recall()).answer);
  }),
);

test(
  "a folder that nobody may write to is no error",
  inFolder(async (folder) => {
    fs.writeFileSync(path.join(folder.path, "hints"), "a file where the folder should be");
    await keep({ ...REQUEST }, RESOLUTION, folder.session({}));
    assert.is((await folder.recall()).answer, undefined);
  }),
);

test(
  "the oldest go when there are many",
  inFolder(async (folder) => {
    const hint = { stamps: {}, answer: {}, warnings: [], consulted: [] };
    const named = (i: number) => path.join(folder.path, "hints", `hint-${i}`);
    for (let i = 0; i <= 1000; i++) {
      writeHint(named(i), hint);
      if (i < 1000) fs.utimesSync(named(i), i, i);
    }
    assert.is(folder.files().length, 800);
    assert.not(fs.existsSync(named(200)));
    assert.ok(fs.existsSync(named(201)) && fs.existsSync(named(1000)));
  }),
);

test.run();
