import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "./show-path.ts";

const place = { cwd: "/home/al/shop", home: "/home/al" };
for (const [file, shown] of [
  ["/home/al/shop/src/a.py", "src/a.py"],
  ["/home/al/shop", "."],
  ["/home/al/other/a.py", "~/other/a.py"],
  ["/home/al", "~"],
  ["/home/alice/a.py", "/home/alice/a.py"],
  ["/usr/bin/python3", "/usr/bin/python3"],
  ["/home/al/shop/..a", "..a"],
] as const)
  test(`${file} is shown as ${shown}`, () => assert.is(showPath(file, place), shown));

test("without a home only the current directory shortens", () => {
  assert.is(showPath("/opt/x", { cwd: "/srv", home: "" }), "/opt/x");
});

test.run();
