import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withFullDisk } from "../../test/harness/kill-point.ts";
import { type LinkBench, openLinkBench } from "../../test/harness/link-bench.ts";

let bench: LinkBench;
let root = "";
test.before.each(async () => {
  bench = await openLinkBench();
  root = path.join(bench.dir, "env");
});
test.after.each(() => bench.remove());

const wheel = (name: string, version: string) =>
  bench.add({
    name,
    version,
    files: { [`${name}/__init__.py`]: version, [`ns/${name}/__init__.py`]: "" },
    "console-scripts": { [name]: `${name}:v` },
  });
const beside = (): string[] => fs.readdirSync(bench.dir).filter((name) => name.startsWith("env"));
const inside = (): string[] => fs.readdirSync(root).filter((name) => /staging|lock|\.new$/.test(name));
const versions = async (): Promise<string> =>
  (await bench.environments.read(root)).installed.map(({ name, version }) => `${name} ${version}`).join();

test("a disk that is full at any moment while an environment is made leaves none, and no remains", async () => {
  const install = [await wheel("one", "1"), await wheel("two", "1")];
  let failures = 0;
  for (let n = 1; ; n++) {
    const error = await withFullDisk(n, () => bench.link({ root, install }));
    if (!error) break;
    failures++;
    assert.is(error.code, "ENOSPC", String(error.stack));
    assert.equal(beside(), [], `after failure ${n}`);
  }
  assert.ok(failures > 30, `${failures} failures`);
  assert.is(await versions(), "one 1,two 1");
});

test("a disk that is full while an environment is changed leaves it as it was, or has it changed by the next command", async () => {
  const [one, two, newer] = [await wheel("one", "1"), await wheel("two", "1"), await wheel("one", "2")];
  assert.ok(one && two && newer);
  const seen = new Set<string>();
  for (let n = 1; ; n++) {
    fs.rmSync(root, { recursive: true, force: true });
    await bench.link({ root, install: [one, two] });
    const error = await withFullDisk(n, () => bench.link({ root, install: [newer], remove: ["two"] }));
    const now = await versions();
    assert.equal(inside(), [], `after failure ${n}`);
    assert.ok(["one 1,two 1", "one 2"].includes(now), `${now} after failure ${n}`);
    seen.add(now);
    if (!error) break;
  }
  assert.equal([...seen].sort(), ["one 1,two 1", "one 2"]);
});

test.run();
