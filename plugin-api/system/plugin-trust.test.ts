import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../error.ts";
import { ensureTrusted, pluginDigest, readTrust, writeTrust } from "./plugin-trust.ts";

const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "trust-")));
test.after(() => fs.rmSync(root, { recursive: true }));
const put = (name: string, text: string): string => {
  const file = path.join(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
};

test("every change below the folder, and of what it imports from outside, is another content", () => {
  put("plugin/index.ts", 'import "./part.ts"; import "../shared.ts";');
  put("plugin/part.ts", "1");
  put("shared.ts", 'export * from "./deeper.ts";');
  put("deeper.ts", "1");
  put("unrelated.ts", "1");
  const folder = path.join(root, "plugin");
  const seen = new Set([pluginDigest(folder)]);
  for (const change of ["plugin/part.ts", "plugin/new.txt", "shared.ts", "deeper.ts"]) {
    fs.appendFileSync(path.join(root, change), " // changed");
    seen.add(pluginDigest(folder));
  }
  assert.is(seen.size, 5);
  fs.appendFileSync(path.join(root, "unrelated.ts"), "2");
  assert.ok(seen.has(pluginDigest(folder)));
});

test("a single file counts with the files it names", () => {
  const file = put("one.ts", 'await import("./two.ts");');
  put("two.ts", "1");
  const before = pluginDigest(file);
  put("two.ts", "2");
  assert.is.not(pluginDigest(file), before);
});

test("nothing runs without consent to exactly this content", async () => {
  const file = put("asked/index.ts", "1");
  const configDir = path.join(root, "config");
  const refused = await ensureTrusted(file, "pyproject.toml:3", { configDir, ask: undefined }).catch(
    (error: PybunError) => error,
  );
  assert.is((refused as PybunError).code, "E_PLUGIN_CHANGED");
  await ensureTrusted(file, "x", { configDir, ask: async () => true });
  await ensureTrusted(file, "x", { configDir, ask: undefined });
  put("asked/index.ts", "2");
  const changed = await ensureTrusted(file, "x", { configDir, ask: async () => false }).catch(
    (error: PybunError) => error,
  );
  assert.match((changed as PybunError).message, "has changed");
  writeTrust(configDir, file, undefined);
  assert.equal(readTrust(configDir), {});
});

test.run();
