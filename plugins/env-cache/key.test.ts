import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import type { SettingsTable } from "../../plugin-api/services.ts";
import { environmentKey } from "./key.ts";

const settings = (value: string, decidesPackages: boolean): SettingsTable => {
  const option = { kind: "text", help: "", ...(decidesPackages && { decidesPackages }) } as const;
  const entry = { key: "index-url", option, plugin: "index", value, origin: { kind: "default", name: "" } } as const;
  return { entries: [entry], get: () => entry, amend: () => {} };
};
const key = (
  texts: readonly string[],
  change: { value?: string; decides?: boolean; identity?: string; cutOff?: number } = {},
) =>
  environmentKey({
    demands: texts.map((text) => ({ text, requirement: parseRequirement(text), origin: "" })),
    interpreter: { identity: change.identity ?? "python" } as Interpreter,
    policy: change.cutOff === undefined ? {} : { excludeNewerMs: change.cutOff },
    settings: settings(change.value ?? "a", change.decides ?? true),
  });

test("order and blanks of requirements do not matter, everything that decides does", () => {
  const plain = key(["rich", "requests>=2"]);
  assert.match(plain, /^[0-9a-f]{64}$/);
  assert.is(key([" requests>=2 ", "rich"]), plain);
  for (const change of [{ value: "b" }, { identity: "other" }, { cutOff: 1 }])
    assert.is.not(key(["rich", "requests>=2"], change), plain);
  assert.is.not(key(["rich", "requests>=3"]), plain);
});

test("a setting that decides nothing about packages does not matter", () => {
  assert.is(key(["rich"], { decides: false, value: "a" }), key(["rich"], { decides: false, value: "b" }));
});

test("a local file that changes is another requirement", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "key-"));
  const wheel = path.join(folder, "demo-1.0-py3-none-any.whl");
  const text = `demo @ ${pathToFileURL(wheel).href}`;
  fs.writeFileSync(wheel, "a");
  const before = key([text]);
  fs.writeFileSync(wheel, "longer");
  assert.is.not(key([text]), before);
  fs.rmSync(folder, { recursive: true });
});

test("so does a local folder in which a source changes, and not what a build leaves in it", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "key-"));
  const text = `demo @ ${pathToFileURL(folder).href}`;
  const write = (file: string, content: string): void => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), content);
  };
  write("src/demo/__init__.py", "a");
  const before = key([text]);
  for (const left of ["src/demo.egg-info/PKG-INFO", "build/lib/a.py", "src/demo/__pycache__/a.pyc", ".git/HEAD"]) {
    write(left, "x");
    assert.is(key([text]), before, left);
  }
  write("src/demo/__init__.py", "longer");
  const changed = key([text]);
  assert.is.not(changed, before);
  write("src/demo/more.py", "");
  assert.is.not(key([text]), changed);
  fs.rmSync(folder, { recursive: true });
});

test.run();
