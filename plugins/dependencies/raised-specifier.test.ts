import { test } from "uvu";
import * as assert from "uvu/assert";
import { raisedSpecifier, withSpecifier } from "./raised-specifier.ts";

for (const [specifier, version, raised] of [
  ["<0.28", "0.28.1", "<0.29"],
  [">=0.27,<0.28", "0.28.1", ">=0.27,<0.29"],
  [">=1,<2", "2.5.1", ">=1,<3"],
  ["<2.0.0", "2.5.1", "<3.0.0"],
  ["<1.8.0", "1.10.2", "<1.11.0"],
  ["<1", "3.2", "<4"],
  ["<=1.5", "2.0.1", "<=2.0.1"],
  ["==1.2.3", "2.0", "==2.0"],
  ["==1.2.*", "1.10.3", "==1.10.*"],
  ["===1.2.3", "2.0.1", "===2.0.1"],
  ["~=1.4", "2.7.1", "~=2.7"],
  ["~=1.4.2", "2.7", "~=2.7.0"],
  ["<2024", "2026.10.1", "<2027"],
  ["<1!2.0", "1!2.5", "<1!3.0"],
  ["==1.0", "1.0.1+cu121", "==1.0.1"],
  [">=1,!=1.5,<2", "2.1", ">=1,!=1.5,<3"],
  // What lets it in already, what shuts it out by name, and what asks for newer ones.
  [">=1", "2.0", undefined],
  ["", "2.0", undefined],
  ["!=2.0", "2.0", undefined],
  ["<2,!=2.1", "2.1", undefined],
  [">=3", "2.0", undefined],
] as const)
  test(`${specifier || "nothing"} for ${version}`, () => assert.is(raisedSpecifier(specifier, version), raised));

for (const [written, before, after, expected] of [
  ["httpx<0.28", "<0.28", "<0.29", "httpx<0.29"],
  [
    "HTTPX[http2] >=0.27, < 0.28 ; os_name == '<0.28'",
    "<0.28,>=0.27",
    "<0.29,>=0.27",
    "HTTPX[http2] >=0.27, < 0.29 ; os_name == '<0.28'",
  ],
  ["a (>=1,<2)", "<2,>=1", "<3,>=1", "a (>=1,<3)"],
  ["a<2.0", "<2", "<3", undefined],
  ["ruff ==0.14.*", "==0.14.*", "==0.17.*", "ruff ==0.17.*"],
  ["a<=1,<11", "<11,<=1", "<12,<=1", "a<=1,<12"],
] as const)
  test(`${written} with ${after}`, () => assert.is(withSpecifier(written, before, after), expected));

test.run();
