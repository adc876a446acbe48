import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { richLines } from "./rich-error.ts";

test("the rich form shows the source, who failed, the stack, run and log", () => {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), "rich-"));
  try {
    fs.writeFileSync(path.join(cwd, "app.py"), Array.from({ length: 12 }, (_, n) => `line ${n + 1}`).join("\n"));
    const place = { cwd, runId: "r-1", logDir: "~/logs" };
    const error = { level: "error", code: "E_X", message: "no", file: "app.py", line: 10 } as const;
    const stack = "Error: no\n    at one (a.ts:1)\n    at two (b.ts:2)";
    assert.equal(richLines({ ...error, plugin: "pypi", phase: "fetch.versions", stack }, place), [
      "   7 | line 7",
      "   8 | line 8",
      "   9 | line 9",
      "> 10 | line 10",
      "in plugin pypi, fetch.versions",
      "at one (a.ts:1)",
      "at two (b.ts:2)",
      "run r-1, logs in ~/logs",
    ]);
    assert.equal(richLines({ ...error, file: "absent.py" }, place), ["run r-1, logs in ~/logs"]);
    assert.equal(richLines({ ...error, level: "warning" }, place), []);
  } finally {
    fs.rmSync(cwd, { recursive: true });
  }
});

test.run();
