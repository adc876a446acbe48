import { test } from "uvu";
import * as assert from "uvu/assert";
import { judge } from "./run-file.ts";

const totals = (total: number, passed: number, skipped = 0): string =>
  `  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1.00ms\n`;
const ended = { file: "a.test.ts", hung: false, exitCode: 0, leftovers: [], durationMs: 1 };

const cases: readonly (readonly [name: string, end: object, passed: number, failed: number, fault: string])[] = [
  ["all pass", { output: totals(3, 3) }, 3, 0, ""],
  ["one fails", { output: totals(3, 2), exitCode: 1 }, 2, 1, ""],
  ["crash before the end", { output: "error: nothing here", exitCode: 1 }, 0, 1, "exit code 1"],
  ["no test", { output: totals(0, 0) }, 0, 1, "ran no test"],
  ["bad exit code behind good counts", { output: totals(2, 2), exitCode: 3 }, 2, 1, "exit code is 3"],
  ["hangs", { output: "", hung: true, exitCode: null }, 0, 1, "did not end"],
  ["leftovers", { output: totals(1, 1), leftovers: ["x1"] }, 1, 1, "left temporary files behind: x1"],
  ["a test that prints totals of its own", { output: totals(9, 9) + totals(2, 1), exitCode: 1 }, 1, 1, ""],
];

for (const [name, end, passed, failed, fault] of cases) {
  test(name, () => {
    const result = judge({ ...ended, output: "", ...end });
    assert.is(result.passed, passed);
    assert.is(result.failed, failed);
    assert.match(result.fault ?? "", fault);
  });
}

test.run();
