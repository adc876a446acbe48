import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../../plugin-api/error.ts";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import { onIndex, versions } from "../harness/fetch-scene.ts";
import { failureOf } from "../harness/index-session.ts";

const test = suite("fetch.versions");

const A = [
  { name: "a", version: "1.0" },
  { name: "a", version: "2.0", yanked: "broken", "requires-python": ">=3.9" },
];

for (const form of ["json", "html"] as const) {
  test(
    `reads pages in ${form}`,
    onIndex({ packages: A, form }, async ({ index, run }) => {
      const [page] = await run().pages("a");
      assert.equal(versions([page as VersionPage]), [["1.0", "2.0"]]);
      const file = page?.file(1);
      assert.equal([file?.isYanked, file?.yankedReason, file?.requiresPython], [true, "broken", ">=3.9"]);
      assert.ok(file?.url.startsWith(`${index.origin}/files/a-2.0`));
      assert.is(file?.sha256?.length, 64);
      assert.equal([page?.index, page?.name], ["pypi", "a"]);
    }),
  );
}

test(
  "one request for all who ask, none for a page that is fresh",
  onIndex({ packages: A, cacheControl: "max-age=60" }, async ({ index, place, run }) => {
    const first = run();
    await Promise.all([first.pages("a"), first.pages("a"), first.pages("a")]);
    await first.pages("a");
    first.end();
    const second = run();
    assert.equal(versions(await second.pages("a")), [["1.0", "2.0"]]);
    assert.ok(second.events.some(({ type }) => type === "CacheHit"));
    assert.is(index.count("page"), 1);
    place.nowMs += 61_000;
    await run().pages("a");
    assert.is(index.count("page"), 2);
    assert.is(index.requests.at(-1)?.status, 304);
  }),
);

test(
  "a 304 renews the record for all later runs",
  onIndex({ packages: A, cacheControl: "max-age=60" }, async ({ index, place, run }) => {
    const first = run();
    await first.pages("a");
    first.end();
    place.nowMs += 61_000;
    await run().pages("a");
    place.nowMs += 59_000;
    assert.equal(versions(await run().pages("a")), [["1.0", "2.0"]]);
    assert.is(index.count("page"), 2);
  }),
);

test(
  "without validators a page is fresh for ten minutes, then read again and compared",
  onIndex({ packages: A, form: "html", etags: false, cacheControl: "" }, async ({ index, place, run }) => {
    const first = run();
    await first.pages("a");
    first.end();
    place.nowMs += 599_000;
    await run().pages("a");
    assert.is(index.count("page"), 1);
    place.nowMs += 2_000;
    const same = run();
    await same.pages("a");
    same.end();
    index.add({ name: "a", version: "3.0" });
    place.nowMs += 601_000;
    assert.equal(versions(await run().pages("a")), [["1.0", "2.0", "3.0"]]);
    assert.is(index.count("page"), 3);
  }),
);

test(
  "refresh asks again, once a run",
  onIndex({ packages: [...A, { name: "b", version: "1.0" }] }, async ({ index, run }) => {
    const first = run();
    await Promise.all([first.pages("a"), first.pages("b")]);
    first.end();
    const one = run({ settings: { refreshPackage: ["A"] } });
    await Promise.all([one.pages("a"), one.pages("b")]);
    await one.pages("a");
    assert.is(index.count("page"), 3);
    const all = run({ settings: { refresh: true } });
    await Promise.all([all.pages("a"), all.pages("b")]);
    assert.is(index.count("page"), 5);
  }),
);

test(
  "what is not there is an empty page that tells where it was looked for, remembered for ten minutes",
  onIndex({ packages: A }, async ({ index, place, run }) => {
    const first = run();
    assert.equal(versions(await first.pages("none")), [[]]);
    first.end();
    assert.equal(
      (await run().pages("none")).map((page) => page.index),
      ["pypi"],
    );
    assert.is(index.count("page"), 1);
    place.nowMs += 601_000;
    assert.equal(versions(await run().pages("none")), [[]]);
    assert.is(index.count("page"), 2);
  }),
);

test(
  "offline serves any age, and names what was never fetched",
  onIndex({ packages: A, cacheControl: "max-age=1" }, async ({ index, place, run }) => {
    const first = run();
    await first.pages("a");
    first.end();
    place.nowMs += 1e10;
    const offline = run({ isOffline: true });
    assert.equal(versions(await offline.pages("a")), [["1.0", "2.0"]]);
    const [error] = (await Promise.all(["b", "long-name"].map((name) => failureOf(offline.pages(name))))) as [
      PybunError,
    ];
    assert.equal([error.code, error.message], ["E_OFFLINE_MISS", "2 items are not in the cache and --offline is on"]);
    assert.equal(error.detail.evidence, [
      "b          index page  never fetched",
      "long-name  index page  never fetched",
    ]);
    assert.is(index.count("page"), 1);
  }),
);

test(
  "no-index asks nobody",
  onIndex({ packages: A }, async ({ index, run }) => {
    assert.equal(await run({ settings: { noIndex: true } }).pages("a"), []);
    assert.is(index.requests.length, 0);
  }),
);

test(
  "a login page, a body cut short and a failing server are no pages, and nothing of them is kept",
  onIndex({ packages: A }, async ({ index, run }) => {
    for (const [fault, code, words] of [
      [{ login: true }, "E_INDEX_PAGE", "answered with a page that lists no archives"],
      [{ truncate: 50 }, "E_NETWORK", "cannot reach index `pypi` (127.0.0.1:"],
      [{ status: 500 }, "E_NETWORK", "did not answer as it should: status 500"],
      [{ status: 418 }, "E_NETWORK", "did not answer as it should: status 418"],
      [{ status: 401 }, "E_AUTH", "refused the credentials or has no `a` (401)"],
      [{ status: 403 }, "E_AUTH", "refused the credentials or has no `a` (403)"],
      [{ redirect: "file:///etc/passwd" }, "E_NETWORK", "it redirects to `file:`"],
      [{ redirect: "http://169.254.7.7/" }, "E_NETWORK", "it redirects to the link-local address 169.254.7.7"],
    ] as const) {
      index.fail({
        url: "/simple/a/",
        times: code === "E_NETWORK" && !("redirect" in fault) && fault.status !== 418 ? 3 : 1,
        ...fault,
      });
      const failing = run();
      const error = await failureOf(failing.pages("a"));
      assert.is(error.code, code);
      assert.match(error.message, words);
      failing.end();
      assert.is((await failureOf(run({ isOffline: true }).pages("a"))).code, "E_OFFLINE_MISS");
    }
    assert.equal(versions(await run().pages("a")), [["1.0", "2.0"]]);
  }),
);

test(
  "an index that wants credentials gets them, and no other",
  onIndex({ packages: A, login: { username: "me", password: "s3cr3t!" } }, async ({ index, run }) => {
    assert.is((await failureOf(run().pages("a"))).code, "E_AUTH");
    const url = index.url.replace("//", "//me:s3cr3t!@");
    const own = run({ settings: { indexUrl: url } });
    const [page] = await own.pages("a");
    assert.not.match(JSON.stringify([page?.file(0), own.events]), "s3cr3t");
    const env = { PYBUN_INDEX_PYPI_USERNAME: "me", PYBUN_INDEX_PYPI_PASSWORD: "s3cr3t!" };
    assert.equal(versions(await run({ env, settings: { refresh: true } }).pages("a")), [["1.0", "2.0"]]);
  }),
);

test(
  "declines direct references and whoever asks without it",
  onIndex({ packages: A }, async ({ run }) => {
    const { session } = run();
    const name = "a" as never;
    const requirement = { name, extras: [], specifier: "", marker: "", url: "https://a.example/a-1.0.zip" };
    for (const query of [
      { name, requirement },
      { name, skip: ["pypi"] },
    ])
      assert.is((await failureOf(session.run("fetch.versions", query))).code, "E_NO_HANDLER");
  }),
);

test.run();
