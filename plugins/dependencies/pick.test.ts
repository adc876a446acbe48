import { test } from "uvu";
import * as assert from "uvu/assert";
import { pickedOf } from "./pick.ts";

const NAMES = ["rich", "httpx", "core", "web"];
for (const [typed, picked] of [
  ["all", NAMES],
  ["none", []],
  ["1", ["rich"]],
  ["2-4", ["httpx", "core", "web"]],
  ["1, 3 web", ["rich", "core", "web"]],
  ["Rich", ["rich"]],
  ["1 1-2", ["rich", "httpx"]],
] as const)
  test(`${typed} picks ${picked.join() || "nothing"}`, () => assert.equal(pickedOf(typed, NAMES), { picked }));

for (const typed of ["0", "5", "3-9", "4-2", "ritch", "1 x"])
  test(`${typed} is refused`, () => assert.match(pickedOf(typed, NAMES).problem ?? "", "is none of them"));

test.run();
