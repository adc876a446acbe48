import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "./error.ts";
import { formatRequirement } from "./python/requirement.ts";
import type { Session } from "./session.ts";
import type { VersionsQuery } from "./stages.ts";
import { typedDemand } from "./typed-requirement.ts";

const cwd = fs.mkdtempSync(path.join(os.tmpdir(), "typed-"));
test.after(() => fs.rmSync(cwd, { recursive: true }));
const url = (name: string): string => pathToFileURL(path.join(cwd, name)).href;
const write = (file: string, text = ""): void => {
  fs.mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
  fs.writeFileSync(path.join(cwd, file), text);
};
write("named/pyproject.toml", '[tool.x]\nname = "wrong"\n[project]\nname = "Real-Name"\n');
write("poetry/pyproject.toml", '[tool.poetry]\nname = "verse"\n');
write("silent/setup.py");
write("odd[x]/setup.py");
write("Demo_Two-1.0-py3-none-any.whl");
write("demo-1.0.tar.gz");
write("main.zip");

/** Plugins that know what lies somewhere call it `found`. */
const asked: string[] = [];
const run = (async (_stage: string, { name, requirement }: VersionsQuery) => {
  assert.is(name, "");
  asked.push(requirement?.url as string);
  return [{ name: "found" }];
}) as unknown as Session["run"];

async function said(text: string, isEditable = false): Promise<string> {
  try {
    const demand = await typedDemand(text, { command: "run", session: { cwd, run }, isEditable });
    assert.ok(demand.text === text || demand.text === formatRequirement(demand.requirement));
    return formatRequirement(demand.requirement);
  } catch (error) {
    if (!(error instanceof PybunError)) throw error;
    return [error.code, error.message].join("|");
  }
}

const cases: Readonly<Record<string, string>> = {
  "Flask>=3": "flask>=3",
  named: "named",
  "./named": `real-name @ ${url("named")}`,
  "named/": `real-name @ ${url("named")}`,
  "./named[b,A]": `real-name[a,b] @ ${url("named")}`,
  "./poetry": `verse @ ${url("poetry")}`,
  "./silent": `found @ ${url("silent")}`,
  "./odd[x]": `found @ ${url("odd[x]")}`,
  "./Demo_Two-1.0-py3-none-any.whl": `demo-two @ ${url("Demo_Two-1.0-py3-none-any.whl")}`,
  "./demo-1.0.tar.gz": `demo @ ${url("demo-1.0.tar.gz")}`,
  "main.zip": `found @ ${url("main.zip")}`,
  "none.zip": "E_USAGE|there is no file or folder `none.zip`",
  "./main.zip": `found @ ${url("main.zip")}`,
  "demo @ ./main.zip": `demo @ ${url("main.zip")}`,
  "demo @ https://h.example/x.zip": "demo @ https://h.example/x.zip",
  "https://h.example/main.zip": "found @ https://h.example/main.zip",
  "git+https://h.example/demo@main": "found @ git+https://h.example/demo@main",
  "!": "E_USAGE|`!` is not a valid requirement: expected a package name",
  "./none": "E_USAGE|there is no file or folder `./none`",
  "./named[": "E_USAGE|there is no file or folder `./named[`",
};
for (const [text, answer] of Object.entries(cases)) test(text, async () => assert.is(await said(text), answer));

const editable: Readonly<Record<string, string>> = {
  "./named": `real-name @ ${url("named")}#editable=true`,
  named: `real-name @ ${url("named")}#editable=true`,
  "./named[x]": `real-name[x] @ ${url("named")}#editable=true`,
  flask: "E_USAGE|there is no folder `flask` that could be installed as editable",
  "./main.zip": "E_USAGE|`./main.zip` is no folder that could be installed as editable",
};
for (const [text, answer] of Object.entries(editable))
  test(`editable ${text}`, async () => assert.is(await said(text, true), answer));

test("only what tells no name is looked into", async () => {
  asked.length = 0;
  for (const text of ["./named", "./demo-1.0.tar.gz", "flask", "./silent"]) await said(text);
  assert.equal(asked, [url("silent")]);
});

test.run();
