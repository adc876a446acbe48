import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { servedWith, servers, warm } from "../harness/fork-server.ts";
import { startIndex } from "../harness/index-server.ts";
import type { Place } from "../harness/project.ts";
import { until } from "../harness/until.ts";

// Forks of a started Python are for Linux.
if (process.platform !== "linux") {
  console.log("skipped: fork servers are for Linux");
  process.exit(0);
}

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", requires: ["beta"], files: { "alpha/__init__.py": "import beta\n" } },
    { name: "beta", version: "1.0", files: { "beta/__init__.py": "" } },
    {
      name: "lambda",
      version: "1.0",
      files: {
        "lamb/__init__.py": `import sys
class Proxy(type(sys)):
    def __init__(self, module): object.__setattr__(self, "module", module)
    def __getattribute__(self, name): return getattr(object.__getattribute__(self, "module"), name)
    def __setattr__(self, name, value): setattr(object.__getattribute__(self, "module"), name, value)
sys.modules[__name__] = Proxy(sys.modules[__name__])
`,
        "lamb/deep.py": "",
      },
    },
  ],
});
test.after(() => index.stop());

const served = servedWith(index);

const PROJECT = (...names: readonly string[]): string =>
  `[project]\nname = "p"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(names)}\n`;

const modulesFile = (place: Place): string => {
  const root = path.join(place.data, "zygote");
  const [folder = ""] = fs.readdirSync(root);
  return path.join(root, folder, "modules");
};

/** Until programs are served by one that has a module loaded. Each run on the way has to say the same. */
async function compareLoaded(place: Place, module: string, stdout: string): Promise<void> {
  await warm(place, ["app.py"]);
  await until(async () => {
    assert.is((await place.run(["run", "app.py"])).stdout, stdout);
    return fs.readFileSync(modulesFile(place), "utf8").split("\n").includes(module);
  }, `${module} is loaded ahead`);
  const count = async () => (await servers(place)).reduce((sum, { served: each }) => sum + each, 0);
  const before = await count();
  await until(async () => {
    assert.is((await place.run(["run", "app.py"])).stdout, stdout);
    return (await count()) > before;
  }, "a program with it");
}

test(
  "what stands for a module keeps nothing that a program has not imported",
  served(async (place) => {
    place.write({
      "pyproject.toml": PROJECT("lambda"),
      "app.py": "import lamb; print(hasattr(lamb, 'deep')); import lamb.deep; print(lamb.deep.__name__)",
    });
    await compareLoaded(place, "lamb.deep", "False\nlamb.deep\n");
  }),
);

test(
  "what was loaded ahead runs anew for who has it loaded anew",
  served(async (place) => {
    place.write({
      "pyproject.toml": PROJECT("alpha"),
      "app.py": `import importlib, sys, alpha
alpha.beta = 1
importlib.reload(alpha)
print(alpha.beta.__name__)
before = sys.modules.pop("alpha")
import alpha
print(alpha is before)
`,
    });
    await compareLoaded(place, "alpha", "beta\nFalse\n");
  }),
);

test.run();
