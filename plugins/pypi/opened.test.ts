import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { PackRecord } from "../../plugin-api/pack/pack.ts";
import { encodeVersionPage } from "../../plugin-api/page/encode.ts";
import { encodeMetadata } from "./metadata-record.ts";
import { openedMetadata, openedPage } from "./opened.ts";

const test = suite("pages and metadata opened before");

const NAME = "demo" as PackageName;
function recordOf(note: string, ...versions: readonly string[]): PackRecord {
  const files = versions.map((version) => ({
    filename: `demo-${version}.tar.gz`,
    kind: "sdist" as const,
    url: `https://files.example/demo-${version}.tar.gz`,
    isYanked: false,
    hasMetadataFile: false,
  }));
  const value = encodeVersionPage({ name: NAME, index: "company", status: "active", files });
  return { note, value, checkedAtS: 1, freshUntilS: 2 };
}

test("a page is the same object until its note, its size or its rules are others", () => {
  const first = openedPage("page demo", recordOf("one", "1.0"), {});
  assert.is(openedPage("page demo", { ...recordOf("one", "1.0"), freshUntilS: 9 }, {}), first);
  assert.is.not(openedPage("page other", recordOf("one", "1.0"), {}), first);
  assert.is(openedPage("page demo", recordOf("one", "1.0", "2.0"), {}).count, 2);
  assert.is(openedPage("page demo", recordOf("two", "3.0"), {}).version(0), "3.0");
  assert.is(openedPage("page demo", recordOf("two", "3.0"), { precedence: 1 }).precedence, 1);
  assert.is(openedPage("page demo", recordOf("two", "3.0"), { excludeNewerMs: 5 }).excludeNewerMs, 5);
  assert.is(openedPage("page demo", recordOf("two", "3.0"), {}).excludeNewerMs, undefined);
});

test("metadata is the same object until its bytes or its release are others", () => {
  const release = { name: NAME, version: "1.0" };
  const bytes = (requiresPython: string): Uint8Array =>
    encodeMetadata({ ...release, requiresPython, requiresDist: ["a>=1"], providesExtra: [] });
  const first = openedMetadata("metadata 1", bytes(">=3.9"), release);
  assert.is(openedMetadata("metadata 1", bytes(">=3.9"), release), first);
  assert.is(openedMetadata("metadata 1", bytes(">=3.8"), release).requiresPython, ">=3.8");
  assert.is(openedMetadata("metadata 1", bytes(">=3.8"), { ...release, version: "1" }).version, "1");
});

test.run();
