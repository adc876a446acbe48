import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RequirementsEntry } from "../../plugin-api/python/requirements-file.ts";
import { readSubject } from "../../plugin-api/python/requirements-file-subject.ts";
import type { Session } from "../../plugin-api/session.ts";
import { firstPages } from "./first-pages.ts";

const entry = (text: string, isConstraint = false): RequirementsEntry =>
  ({ text, isConstraint, subject: readSubject(text, "/") }) as RequirementsEntry;

async function asked(
  entries: readonly RequirementsEntry[],
  settings: Readonly<Record<string, unknown>> = {},
): Promise<readonly string[]> {
  const names: string[] = [];
  const session = {
    use: () => Promise.resolve({ isOffline: false, get: (key: string) => ({ value: settings[key] }) }),
    run: (_: string, { name }: { readonly name: string }) => {
      names.push(name);
      return Promise.resolve([]);
    },
  } as unknown as Session;
  await firstPages(entries, new Promise(() => undefined), session);
  return names.sort();
}

test("what files name is asked for, but for what a constraint or marker may decide otherwise", async () => {
  const entries = [
    entry("alpha>=1"),
    entry("beta[extra]"),
    entry('gamma; sys_platform == "win32"'),
    entry("delta"),
    entry("delta @ https://files.example/delta-1.0.zip", true),
    entry("epsilon", true),
    entry("https://files.example/zeta-1.0-py3-none-any.whl"),
  ];
  assert.equal(await asked(entries), ["alpha", "beta"]);
  assert.equal(await asked(entries, { constraints: [], overrides: [], sources: {} }), ["alpha", "beta"]);
});

test("nothing is asked for where settings say where packages come from", async () => {
  const entries = [entry("alpha")];
  assert.equal(await asked(entries, { sources: { alpha: { index: "company" } } }), []);
  assert.equal(await asked(entries, { constraints: ["alpha @ https://files.example/alpha-1.0.zip"] }), []);
  assert.equal(await asked(entries, { overrides: ["alpha<2"] }), []);
});

test.run();
