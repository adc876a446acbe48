import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { definePlugin } from "../../plugin-api/plugin.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { openLinkBench } from "../../test/harness/link-bench.ts";

const auditor = definePlugin({
  name: "auditor",
  version: "1",
  apiVersion: 1,
  summary: "Looks at what is linked",
  maturity: "stable",
  stages: { link: { settle: { load: async () => ({ default: async () => {} }) } } },
});

for (const [plugins, has] of [
  [[], true],
  [[auditor], false],
] as const)
  test(`an environment ${has ? "leaves an image" : "leaves none where others take part in linking"}`, async () => {
    const bench = await openLinkBench({ plugins });
    try {
      const root = path.join(bench.dir, "env");
      const install = [await bench.add({ name: "tool", version: "1", files: { "tool.py": "" } })];
      await bench.link({ root, install });
      assert.is(readEnvironmentStamp(root)?.image !== undefined, has);
      await bench.link({ root, remove: ["tool"] });
      assert.is(readEnvironmentStamp(root)?.image, undefined, "it is of what was there before");
    } finally {
      bench.remove();
    }
  });

test.run();
