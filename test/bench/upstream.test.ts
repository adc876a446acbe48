import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { fetchPage, fromHtml } from "./upstream.ts";

const PACKAGE = { name: "a", version: "1", "requires-python": ">=3.9,<4", yanked: 'bad & "old"' };

test("both forms of a page say the same", async () => {
  const [json, html] = await Promise.all([
    startIndex({ packages: [PACKAGE], form: "json" }),
    startIndex({ packages: [PACKAGE], form: "html", hasRelativeLinks: true }),
  ]);
  try {
    const [first] = (await fetchPage(json.url, "a")) ?? [];
    const [second] = (await fetchPage(html.url, "a")) ?? [];
    assert.is(first?.requiresPython, ">=3.9,<4");
    assert.is(first?.yanked, 'bad & "old"');
    for (const key of ["filename", "sha256", "requiresPython", "yanked"] as const)
      assert.is(second?.[key], first?.[key]);
    assert.is(new URL(second?.url ?? "").pathname, new URL(first?.url ?? "").pathname);
    assert.is(await fetchPage(json.url, "nothing"), undefined);
  } finally {
    await Promise.all([json.stop(), html.stop()]);
  }
});

test("attributes in any order and quoting", () => {
  const page = "<A data-yanked='' HREF=../x-1.tar.gz data-requires-python='&gt;=3'> x-1.tar.gz </A>";
  assert.equal(fromHtml(page, "https://example.org/simple/x/"), [
    {
      filename: "x-1.tar.gz",
      url: "https://example.org/simple/x-1.tar.gz",
      requiresPython: ">=3",
      yanked: true,
    },
  ]);
});

test.run();
