import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../../plugin-api/error.ts";
import { parseToolSpec } from "./tool-spec.ts";

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
  test(`\`x ${typed}\``, () => {
    const spec = parseToolSpec(typed, "/nowhere");
    assert.equal([spec.requirement.name, spec.requirement.specifier, spec.command], [name, specifier, command]);
  });

test("a direct reference keeps its URL", () => {
  assert.is(
    parseToolSpec("demo @ https://example.org/demo-1.0-py3-none-any.whl", "/nowhere").requirement.url,
    "https://example.org/demo-1.0-py3-none-any.whl",
  );
});

test("no package is a usage error", () => {
  assert.throws(
    () => parseToolSpec("==1", "/nowhere"),
    (error: PybunError) => error.code === "E_USAGE",
  );
});

test.run();
