import { test } from "uvu";
import * as assert from "uvu/assert";
import { openScene } from "./scene.fixture.ts";

const cases: readonly (readonly [path: string, text: string, isHook: boolean])[] = [
  ["x.pth", "import os\n", true],
  ["x.pth", "/some/folder\nimport\tos; os.system('x')\n", true],
  ["x.pth", "\ufeffimport os\n", true],
  ["x.pth", "/some/folder\n# import os\nimportlib\n", false],
  ["case/x.pth", "import os\n", false],
  ["x.start", "case:main\n", true],
  ["sitecustomize.py", "", true],
  ["usercustomize.py", "", true],
  ["sitecustomize/__init__.py", "", true],
  ["sitecustomize.cpython-312-x86_64-linux-gnu.so", "", true],
  ["case/sitecustomize.py", "", false],
  ["sitecustomize_more.py", "", false],
  ["case-1.0.data/purelib/x.pth", "import os\n", true],
  ["case-1.0.data/platlib/sitecustomize.py", "", true],
  ["case-1.0.data/data/lib/python3.12/site-packages/x.pth", "import os\n", true],
  ["case-1.0.data/data/lib/python3.12/site-packages/sitecustomize.py", "", true],
  ["case-1.0.data/data/share/x.pth", "import os\n", false],
  ["case-1.0.data/scripts/sitecustomize.py", "", false],
];

test("names the files that Python would run at every start", async () => {
  const scene = openScene();
  try {
    const store = await scene.open();
    for (const [name, data, isHook] of cases) {
      const entry = await store.ingest(scene.wheel({ extra: [{ name, data }] }));
      const hooks = store.layout(entry).startupHooks;
      const place = name.replace(/^case-1.0.data\/(?:purelib|platlib)\//, "");
      assert.equal(hooks, isHook ? [place] : [], `${name}: ${data}`);
    }
  } finally {
    scene.remove();
  }
});

test.run();
