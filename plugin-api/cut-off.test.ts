import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseCutOff } from "./cut-off.ts";

const test = suite("cut-off");
const NOW = Date.UTC(2026, 0, 31);

const cases: Readonly<Record<string, string | undefined>> = {
  "2024-03-24T12:30:00Z": "2024-03-24T12:30:00.000Z",
  "2024-03-24 12:30:00+02:00": "2024-03-24T10:30:00.000Z",
  "2024-03-24": "2024-03-25T00:00:00.000Z",
  "7 days": "2026-01-24T00:00:00.000Z",
  "2w": "2026-01-17T00:00:00.000Z",
  "36 hours": "2026-01-29T12:00:00.000Z",
  P7D: "2026-01-24T00:00:00.000Z",
  "2024-13-01": undefined,
  "2024-03-24T12:30": undefined,
  yesterday: undefined,
  "": undefined,
};
for (const [text, expected] of Object.entries(cases)) {
  test(text || "nothing", () => {
    const time = parseCutOff(text, NOW);
    assert.is(time === undefined ? undefined : new Date(time).toISOString(), expected);
  });
}

test.run();
