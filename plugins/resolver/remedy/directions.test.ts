import { suite } from "uvu";
import * as assert from "uvu/assert";
import { directionsOf } from "./directions.ts";

const test = suite("directions");

const cases: readonly (readonly [specifier: string, directions: Readonly<Record<string, string>>])[] = [
  ["", {}],
  [">=1.35", { older: "<1.35" }],
  [">1.35", { older: "<=1.35" }],
  ["<2", { newer: ">=2" }],
  ["<=2", { newer: ">2" }],
  [">=1,<2", { newer: ">=2", older: "<1" }],
  ["==1.28.73", { newer: ">1.28.73", older: "<1.28.73" }],
  ["===1.28.73", { newer: ">1.28.73", older: "<1.28.73" }],
  ["==1.2.3+cpu", { newer: ">1.2.3", older: "<1.2.3" }],
  ["==1.2.*", { newer: ">=1.3", older: "<1.2" }],
  ["~=1.24.4", { newer: ">=1.25", older: "<1.24.4" }],
  ["~=1.24", { newer: ">=2", older: "<1.24" }],
  ["!=1.5", { other: "" }],
  [">=1,>=2,<4,<3", { newer: ">=3", older: "<2" }],
  ["~=1!2.3", { newer: ">=1!3", older: "<1!2.3" }],
];

for (const [specifier, expected] of cases)
  test(specifier === "" ? "any version" : specifier, () => {
    assert.equal(Object.fromEntries(directionsOf(specifier).map(({ way, among }) => [way, among])), expected);
  });

test.run();
