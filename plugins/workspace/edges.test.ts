import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { type MemberEdge, orderOf } from "./edges.ts";

const edges = (...pairs: readonly (readonly [string, string, MemberEdge["kind"]?])[]): readonly MemberEdge[] =>
  pairs.map(([from, to, kind = "dependency"]) => ({
    from: from as PackageName,
    to: to as PackageName,
    kind,
    part: undefined,
    requirement: to,
    origin: "",
  }));
const names = (text: string) => text.split("") as PackageName[];

test("members come behind what they need", () => {
  const { order, cycles } = orderOf(names("abcd"), edges(["a", "b"], ["b", "c"], ["a", "c"], ["d", "a", "group"]));
  assert.equal([order.join(""), cycles], ["cbad", []]);
});

test("circles are told once each, and nobody is lost", () => {
  const { order, cycles } = orderOf(names("abc"), edges(["a", "b"], ["b", "a"], ["c", "a"]));
  assert.equal([order.toSorted().join(""), cycles.map((circle) => circle.join(""))], ["abc", ["ab"]]);
});

test.run();
