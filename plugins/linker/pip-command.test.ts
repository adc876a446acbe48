import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openLinkBench } from "../../test/harness/link-bench.ts";

const bench = await openLinkBench();
test.after(() => bench.remove());

test("pip gets a command for the version of Python, as it would give itself", async () => {
  const pip = await bench.add({ name: "pip", version: "1", "console-scripts": { pip: "pip:v", pip3: "pip:v" } });
  const root = path.join(bench.dir, "with-pip");
  const environment = await bench.link({ root, install: [pip] });
  const [major, minor] = environment.interpreter.tags.python;
  const bin = path.dirname(environment.python);
  const commands = fs.readdirSync(bin).filter((name) => name.startsWith("pip"));
  assert.equal(commands.sort(), ["pip", "pip3", `pip${major}.${minor}`]);
  const record = fs.readFileSync(path.join(environment.sitePackages, "pip-1.dist-info", "RECORD"), "utf8");
  assert.match(record, `/pip${major}.${minor},`);
  await bench.link({ root, remove: ["pip"] });
  assert.not.ok(fs.existsSync(path.join(bin, `pip${major}.${minor}`)));
});

test.run();
