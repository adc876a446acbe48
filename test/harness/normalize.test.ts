import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalize } from "./normalize.ts";

const cases: readonly (readonly [text: string, normalized: string])[] = [
  ["made in 12ms, 1.5s or 3 s", "made in [TIME], [TIME] or [TIME]"],
  ["/tmp/place-x/work/a.py:3", "[ROOT]/work/a.py:3"],
  ["http://127.0.0.1:4711/simple/", "http://[INDEX]/simple/"],
  [`sha ${"0a".repeat(32)}`, "sha [HASH]"],
  ["run 6a7ccaa6-ca5b-4c13-b901-23af0e09f8c7", "run [UUID]"],
  [
    '{"duration_ms":8.5,"seq":3,"timestamp":"2026-01-02T03:04:05.678Z"}',
    '{"duration_ms":[NUMBER],"seq":[NUMBER],"timestamp":"[TIMESTAMP]"}',
  ],
  ["version 1.2.3 of 3 packages", "version 1.2.3 of 3 packages"],
];

for (const [text, normalized] of cases) {
  test(text, () => assert.is(normalize(text, "/tmp/place-x"), normalized));
}

test.run();
