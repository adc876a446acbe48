import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.4.2", requires: ["beta"] },
    { name: "alpha", version: "2.0", requires: ["beta"] },
    { name: "beta", version: "1.0" },
    { name: "gamma", version: "1.0", requires: ["beta"] },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

test(
  "a script's block: made, filled, and its lock kept up",
  placed(async (place) => {
    place.write({ "app.py": "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\nimport alpha\nprint(alpha.version)\n" });
    const words = ["add", "--script", "app.py"];
    const first = await place.run([...words, "alpha<2"]);
    assert.is(first.exitCode, 0, first.stderr);
    const text = place.read("app.py").replace(/>=3\.\d+/, ">=3.X");
    assert.is(
      text,
      '#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n# /// script\n# requires-python = ">=3.X"\n# dependencies = [\n#     "alpha<2",\n# ]\n# ///\n\nimport alpha\nprint(alpha.version)\n',
    );
    assert.is((await place.run(["app.py"].flatMap((file) => ["run", file]))).stdout, "1.4.2\n");
    assert.is(place.exists("app.py.lockb"), false);
    await place.run(["lock", "--script", "app.py"]);
    const second = await place.run([...words, "gamma"]);
    assert.is(second.exitCode, 0, second.stderr);
    assert.match(place.read("app.py"), '#     "alpha<2",\n#     "gamma>=1.0",\n# ]\n');
    assert.is((await place.run(["lock", "--script", "app.py", "--check"])).exitCode, 0);
    const before = place.read("app.py");
    for (const more of [
      ["app.py", "--dev", "beta"],
      ["none.py", "beta"],
      ["app.py", "--index", "company", "beta"],
    ])
      assert.is((await place.run(["add", "--script", ...more])).exitCode, 2);
    assert.is((await place.run([...words, "no-such-name"])).exitCode, 4);
    assert.is(place.read("app.py"), before);
  }),
);

test(
  "a script with Windows line ends keeps them",
  placed(async (place) => {
    place.write({ "app.py": "# /// script\r\n# dependencies = []\r\n# ///\r\nprint(1)\r\n" });
    await place.run(["add", "--script", "app.py", "beta"]);
    assert.is(
      place.read("app.py"),
      '# /// script\r\n# dependencies = [\r\n#     "beta>=1.0",\r\n# ]\r\n# ///\r\nprint(1)\r\n',
    );
  }),
);

test.run();
