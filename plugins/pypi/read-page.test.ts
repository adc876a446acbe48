import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { catchUp, stay } from "../../plugin-api/system/afterwards.ts";
import { until } from "../../test/harness/until.ts";
import { type PageOrder, type PageRecord, pageRecord } from "./page-record.ts";
import { readPage } from "./read-page.ts";

const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
const order = (files: readonly object[], status = "active"): PageOrder => ({
  name: "demo" as PackageName,
  index: "company",
  url: "https://index.example/simple/demo/",
  contentType: JSON_TYPE,
  body: new TextEncoder().encode(
    JSON.stringify({ meta: { "api-version": "1.4" }, "project-status": { status }, name: "demo", files }),
  ),
});
/** With a reason for withdrawals that no ordinary page has. */
const releases = (count: number, yanked: string | false = "süß"): object[] =>
  Array.from({ length: count }, (_, i) => {
    const filename = `demo-1.${i}-py3-none-any.whl`;
    return { filename, url: `../../files/${filename}`, hashes: { sha256: "ab".repeat(32) }, size: i, yanked };
  });
const MANY = 300;
const large = () => order(releases(MANY));
/** In words that are quick to compare, and to show. */
const said = (record: PageRecord | undefined): unknown =>
  record && "value" in record ? { ...record, value: sha256Of(record.value) } : record;
const isHere = (read: ReturnType<typeof readPage>) => !(read instanceof Promise);

test("where another command may follow, large pages out of the ordinary are read in a second thread, and it says the same", async () => {
  const expected = said(pageRecord(large()));
  assert.equal(said(await readPage(large())), expected);
  await catchUp();
  assert.ok(isHere(readPage(large())), "a process for one command starts no thread");

  stay();
  assert.ok(isHere(readPage(large())), "a thread is for the next command");
  await catchUp();
  await until(() => !isHere(readPage(large())), "the thread is ready");

  const one = large();
  const [first, second] = [readPage(one), readPage(order(releases(MANY + 1)))];
  assert.is(one.body.length, 0, "handed over, not copied");
  assert.equal(said(await first), expected);
  assert.equal(said(await second), said(pageRecord(order(releases(MANY + 1)))));
  assert.ok(isHere(readPage(order(releases(1)))), "a small page is not worth it");
  const ordinary = () => order(releases(MANY, false));
  assert.ok(isHere(readPage(ordinary())), "what is ordinary is read at once");
  assert.equal(said(await readPage(ordinary())), said(pageRecord(ordinary())));

  const unsafe = () =>
    order([...releases(MANY), { filename: "demo-2.tar.gz", url: "ftp://index.example/demo-2.tar.gz" }]);
  const noPage = () => ({ ...large(), contentType: "image/png" });
  const quarantined = () => order(releases(MANY), "quarantined");
  for (const make of [unsafe, noPage, quarantined]) {
    const read = readPage(make());
    assert.not(isHere(read));
    assert.equal(said(await read), said(pageRecord(make())));
  }
});

test("what was lost with the thread is said to be lost, and from then on pages are read here", async () => {
  const broken = { ...large(), contentType: undefined as unknown as string };
  const [lost, alsoLost] = [readPage(broken), readPage(large())];
  assert.is(await lost, undefined);
  assert.is(await alsoLost, undefined);
  assert.ok(isHere(readPage(large())));
});

test.run();
