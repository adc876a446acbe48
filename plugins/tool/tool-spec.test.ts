import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../../plugin-api/error.ts";
import type { Session } from "../../plugin-api/session.ts";
import { parseToolSpec } from "./tool-spec.ts";

const run = (async () => [{ name: "found" }]) as unknown as Session["run"];
const session = { cwd: "/nowhere", run };

const cases: readonly (readonly [typed: string, name: string, specifier: string, command: string])[] = [
  ["ruff", "ruff", "", "ruff"],
  ["ruff@0.14.9", "ruff", "==0.14.9", "ruff"],
  ["ruff@latest", "ruff", "", "ruff"],
  ["ruff>=0.4,<1", "ruff", "<1,>=0.4", "ruff"],
  ["ruff~=0.4", "ruff", "~=0.4", "ruff"],
  ["ruff!=0.4", "ruff", "!=0.4", "ruff"],
  ["Flask_App==1", "flask-app", "==1", "Flask_App"],
  ["httpie[ssl]@3.2", "httpie", "==3.2", "httpie"],
];
for (const [typed, name, specifier, command] of cases)
  test(`\`x ${typed}\``, async () => {
    const { demand, command: meant } = await parseToolSpec(typed, session);
    assert.equal([demand.requirement.name, demand.requirement.specifier, meant], [name, specifier, command]);
  });

test("a direct reference keeps its URL, and its name is the command", async () => {
  const { demand, command } = await parseToolSpec("Demo @ https://example.org/demo-1.0-py3-none-any.whl", session);
  assert.equal([demand.requirement.url, command], ["https://example.org/demo-1.0-py3-none-any.whl", "Demo"]);
});

test("the command of an address is that of the package there", async () => {
  const { demand, command } = await parseToolSpec("git+https://example.org/repository", session);
  assert.equal([demand.requirement.url, command], ["git+https://example.org/repository", "found"]);
});

test("no package is a usage error", async () => {
  const error = await parseToolSpec("==1", session).catch((thrown: unknown) => thrown as PybunError);
  assert.is((error as PybunError).code, "E_USAGE");
});

test.run();
