import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

/** Says how many kB of the program's code are resident: before the start is over, then, and when it was searched after a while. */
const program = (more: string): string => `
import fs from "node:fs";
import { fetchingIsOver, startIsOver } from ${JSON.stringify(path.join(import.meta.dirname, "native.ts"))};
import { stay } from ${JSON.stringify(path.join(import.meta.dirname, "../system/afterwards.ts"))};
const resident = () => {
  const code = fs.readFileSync("/proc/self/smaps", "latin1").split(/^(?=[0-9a-f]+-)/m).filter((each) => / r-xp /.test(each));
  return Number(/^Rss: +(\\d+)/m.exec(code.find((each) => each.includes(fs.readlinkSync("/proc/self/exe"))))[1]);
};
${more}
`;

function residentIn(more: string): readonly number[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", program(more)], { encoding: "utf8" });
  assert.is(status, 0, stderr);
  return JSON.parse(stdout) as number[];
}

if (process.platform === "linux") {
  test("the code of the start is given back when it is over, that of fetching after it, and all of it works as before", () => {
    const [before = 0, after = 0, used = 0, last = 0] = residentIn(`
      const told = [resident()];
      await startIsOver();
      told.push(resident());
      new Intl.DateTimeFormat("de").format(0);
      JSON.parse(JSON.stringify(Bun.TOML.parse("a = 1")));
      told.push(resident());
      fetchingIsOver();
      told.push(resident());
      console.log(JSON.stringify(told));
    `);
    assert.ok(after < 0.7 * before, `${after} of ${before} kB are left`);
    assert.ok(last < used, `${last} of ${used} kB are left`);
  });

  test("a process that stays keeps it, and so does one that has not fetched anything", () => {
    const [before = 0, after = 0] = residentIn(`
      const told = [resident()];
      fetchingIsOver();
      stay();
      await startIsOver();
      fetchingIsOver();
      console.log(JSON.stringify([...told, resident()]));
    `);
    assert.ok(after >= before, `${after} of ${before} kB are left`);
  });
}

test.run();
