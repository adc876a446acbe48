import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withFullDisk } from "../../test/harness/kill-point.ts";
import { killEverywhere } from "../../test/harness/killed-run.ts";
import { act, archiveOf, nameOf, writeScene } from "./scene.fixture.ts";

const FIXTURE = path.join(import.meta.dirname, "scene.fixture.ts");
const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "pythons-kill-")));
const pythons = path.join(root, "data", "pythons");
const place = path.join(pythons, nameOf(archiveOf()));
test.before(() => writeScene(root));
test.after(() => fs.rmSync(root, { recursive: true }));

const script = (what: string) => ({
  folder: root,
  text: `
    import { act } from ${JSON.stringify(FIXTURE)};
    killBeforeChange(Number(process.argv[2]));
    await act(${JSON.stringify(what)}, ${JSON.stringify(root)});`,
});

/** Whatever bears the name of an installation is whole: it runs and says what it is. */
function assertWhole(): void {
  for (const name of fs.readdirSync(pythons).filter((each) => each.startsWith("cpython-"))) {
    const folder = path.join(pythons, name);
    const { stdout } = spawnSync(path.join(folder, "bin/python3"), { encoding: "utf8" });
    assert.is((JSON.parse(stdout) as { prefix: string }).prefix, folder);
    const stdlib = path.join(folder, "lib/python3.12");
    assert.equal(fs.readdirSync(stdlib).sort(), ["EXTERNALLY-MANAGED", "_sysconfigdata__linux_.py", "os.py"]);
    assert.match(fs.readFileSync(path.join(stdlib, "_sysconfigdata__linux_.py"), "utf8"), `'${folder}/lib'`);
  }
}

const reset = async (isInstalled: boolean): Promise<void> => {
  fs.rmSync(path.join(root, "data"), { recursive: true, force: true });
  if (isInstalled) await act("install", root);
};

for (const [what, isInstalled] of [
  ["install", false],
  ["reinstall", true],
  ["remove", true],
] as const)
  test(`${what}, killed anywhere: what is there is whole, and the next time nothing is left over`, async () => {
    await reset(isInstalled);
    const kept = path.join(root, "kept");
    fs.rmSync(kept, { recursive: true, force: true });
    if (isInstalled) fs.cpSync(path.join(root, "data"), kept, { recursive: true, verbatimSymlinks: true });
    const kills = await killEverywhere(script(what), {
      before: () => {
        fs.rmSync(path.join(root, "data"), { recursive: true, force: true });
        if (isInstalled) fs.cpSync(kept, path.join(root, "data"), { recursive: true, verbatimSymlinks: true });
      },
      after: async () => {
        if (fs.existsSync(pythons)) assertWhole();
        if (what === "reinstall") assert.ok(fs.existsSync(place), "there is a Python at every moment");
        await act("install", root);
        assertWhole();
        assert.equal(fs.readdirSync(pythons), [path.basename(place)]);
      },
    });
    assert.ok(kills > 5, String(kills));
  });

test("a disk that is full at any moment: an error, nothing half done, nothing left over", async () => {
  await reset(false);
  let fullAt = 1;
  for (; fullAt < 500; fullAt++) {
    const error = await withFullDisk(fullAt, () => act("install", root));
    if (error === undefined) break;
    assert.is(error.code, "ENOSPC", error.stack);
    assert.equal(fs.existsSync(pythons) ? fs.readdirSync(pythons) : [], []);
  }
  assertWhole();
  assert.ok(fullAt > 10, String(fullAt));
});

test.run();
