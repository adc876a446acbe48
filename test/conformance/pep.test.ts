import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../harness/executable.ts";
import { checkPep } from "./pep.ts";

/** Answers of the reference library, when a checkout of the conformance data lies beside the repository. */
const DATA = path.join(REPOSITORY, "..", "shared", "conformance", "pep");

const results = async (files: Readonly<Record<string, unknown>>): Promise<Awaited<ReturnType<typeof checkPep>>> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pep-"));
  try {
    for (const [name, data] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), JSON.stringify(data));
    return await checkPep(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
};

const RIGHT = {
  "filenames.json": {
    wheels: [
      {
        input: "a-1-py2.py3-none-any.whl",
        valid: true,
        name: "a",
        version: "1",
        build: null,
        tags: ["py2-none-any", "py3-none-any"],
      },
      { input: "a-1.whl", valid: false },
    ],
    sdists: [{ input: "A.b-1.0.zip", valid: true, name: "a-b", version: "1.0" }],
    names: [{ input: "A_b", normalized: "a-b", valid: true, is_normalized: false }],
  },
  "licenses.json": {
    cases: [
      { input: "mit", valid: true, canonical: "MIT" },
      { input: "Beer", valid: false },
    ],
  },
};

test("right answers pass, and absent files are left out", async () => {
  assert.equal(await results(RIGHT), [
    { file: "filenames.json", passed: 4, failures: [] },
    { file: "licenses.json", passed: 2, failures: [] },
  ]);
});

test("a wrong answer is a failure that names question, expectation and answer", async () => {
  const [result] = await results({
    "licenses.json": {
      cases: [
        { input: "mit", canonical: "ISC" },
        { input: "Beer", canonical: "Beer" },
      ],
    },
  });
  assert.equal(result, {
    file: "licenses.json",
    passed: 0,
    failures: ['mit: expected "ISC", got "MIT"', 'Beer: expected "Beer", got null'],
  });
});

if (fs.existsSync(DATA)) {
  test("the reference library's answers are given", async () => {
    const checked = await checkPep(DATA);
    assert.ok(checked.length >= 10);
    for (const { file, passed, failures } of checked) {
      assert.equal(failures.slice(0, 5), [], file);
      assert.ok(passed > 0, file);
    }
  });
}

test.run();
