import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { differingPackages } from "./packages.ts";

const folders = fs.mkdtempSync(path.join(os.tmpdir(), "packages-"));
test.after(() => fs.rmSync(folders, { recursive: true }));

function environment(name: string, distributions: readonly string[]): string {
  const folder = path.join(folders, name);
  for (const each of distributions) {
    fs.mkdirSync(path.join(folder, "env", "lib", "python3.12", "site-packages", `${each}.dist-info`), {
      recursive: true,
    });
  }
  return folder;
}

test("equal environments, however their names are spelled", () => {
  const ours = environment("a", ["Foo_Bar-1.0", "x-2"]);
  assert.equal(differingPackages(ours, environment("b", ["x-2", "foo.bar-1.0"])), []);
});

test("another version, a package more and a package less are told", () => {
  const ours = environment("c", ["x-1", "only_here-1"]);
  const theirs = environment("d", ["x-2", "only_there-1"]);
  assert.equal(differingPackages(ours, theirs), ["+only-here==1", "+x==1", "-only-there==1", "-x==2"]);
});

test("two empty environments prove nothing", () => {
  assert.is(differingPackages(environment("e", []), environment("f", [])).length, 1);
});

test.run();
