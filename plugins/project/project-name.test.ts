import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { moduleOf, nameOfFolder, nameProblem } from "./project-name.ts";

for (const [folder, name] of [
  ["/w/shop-api", "shop-api"],
  ["/w/My Shop (new)", "my-shop-new"],
  ["/w/Über uns", "uber-uns"],
  ["/w/.hidden_", "hidden"],
  ["/w/日本", ""],
  ["/", ""],
] as const)
  test(`the folder ${folder} gives the name ${JSON.stringify(name)}`, () => assert.is(nameOfFolder(folder), name));

test("the module of a name", () => {
  assert.equal(["Shop.API", "a--b_c", "x"].map(moduleOf), ["shop_api", "a_b_c", "x"]);
});

test("names that can't be, or can't be imported", () => {
  const stdlib = fs.mkdtempSync(path.join(os.tmpdir(), "stdlib-"));
  try {
    fs.mkdirSync(path.join(stdlib, "email"));
    fs.writeFileSync(path.join(stdlib, "json.py"), "");
    const isWrong = (name: string, isPackaged: boolean) => nameProblem(name, { isPackaged, stdlib }) !== undefined;
    for (const name of ["", "-a", "a b", "é"])
      assert.equal([isWrong(name, true), isWrong(name, false)], [true, true], name);
    for (const name of ["3d", "class", "JSON", "email", "sys", "tests"])
      assert.equal([isWrong(name, true), isWrong(name, false)], [true, false], name);
    for (const name of ["a", "jsons", "my-email", "test-app"]) assert.is(isWrong(name, true), false, name);
  } finally {
    fs.rmSync(stdlib, { recursive: true });
  }
});

test.run();
