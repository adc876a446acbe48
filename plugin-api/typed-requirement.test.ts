import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "./error.ts";
import { typedRequirement } from "./typed-requirement.ts";

const cwd = fs.mkdtempSync(path.join(os.tmpdir(), "typed-"));
test.after(() => fs.rmSync(cwd, { recursive: true }));
const url = (name: string): string => pathToFileURL(path.join(cwd, name)).href;
fs.mkdirSync(path.join(cwd, "named"));
fs.writeFileSync(path.join(cwd, "named", "pyproject.toml"), '[project]\nname = "Real-Name"\n');
fs.mkdirSync(path.join(cwd, "plain"));
fs.writeFileSync(path.join(cwd, "demo-1.0-py3-none-any.whl"), "");

const said = (text: string): string => {
  try {
    return typedRequirement(text, { command: "run", cwd }).name;
  } catch (error) {
    if (!(error instanceof PybunError)) throw error;
    return [error.code, error.message, ...(error.detail.hints ?? [])].join("|");
  }
};
const forPath = (text: string, requirement: string): string =>
  `E_USAGE|\`${text}\` is a path, not a requirement|name the package and the whole path: \`"${requirement}"\``;

const cases: readonly [text: string, answer: string][] = [
  ["Flask>=3", "flask"],
  ["!", "E_USAGE|`!` is not a valid requirement: expected a package name|see `pybun help run`"],
  ["./named", forPath("./named", `Real-Name @ ${url("named")}`)],
  ["./plain/", forPath("./plain/", `plain @ ${url("plain")}`)],
  ["./demo-1.0-py3-none-any.whl", forPath("./demo-1.0-py3-none-any.whl", `demo @ ${url("demo-1.0-py3-none-any.whl")}`)],
  ["./none", "E_USAGE|`./none` is not a valid requirement: expected a package name|see `pybun help run`"],
];
for (const [text, answer] of cases) test(text, () => assert.is(said(text), answer));

test.run();
