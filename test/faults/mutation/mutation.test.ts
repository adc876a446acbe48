import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tally } from "./engine.ts";
import { SUBJECTS } from "./subjects.ts";

const test = suite("changed files");
// `FIRST=123 MUTATIONS=1` makes one case again.
const first = Number(process.env["FIRST"] ?? 0);
const count = Number(process.env["MUTATIONS"] ?? 300);

for (const subject of SUBJECTS) {
  test(`${subject.name}: every one of ${count} is read or refused`, () => {
    for (const sample of subject.samples) subject.read(sample);
    const { read, refused, faults, slowestMs } = tally(subject, first, count);
    assert.equal(faults, []);
    assert.is(read + refused, count);
    if (count > 100) assert.ok(refused > 0, `none of ${count} was refused`);
    if (process.env["MUTATIONS"])
      console.log(`${subject.name}: ${read} read, ${refused} refused, ${slowestMs.toFixed(1)} ms`);
  });
}

test.run();
