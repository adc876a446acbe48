import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Event } from "../../plugin-api/event.ts";
import { advance, IDLE, type Progress } from "../../plugin-api/progress-model.ts";
import { textColumns } from "../../plugin-api/text/wrap.ts";
import { matchesSnapshot } from "../../test/harness/snapshot.ts";
import { draw } from "./draw.ts";

const MIB = 1024 * 1024;
/** What happened, and when. */
type Course = readonly (readonly [atMs: number, event: Event])[];

const start = (name: string, total?: number): Event => ({
  type: "DownloadStart",
  name,
  version: "1.18.1",
  file: `${name}.whl`,
  ...(total === undefined ? {} : { total }),
});
const got = (name: string, bytes: number): Event => ({ type: "DownloadProgress", name, file: `${name}.whl`, bytes });
const done = (name: string, bytes: number): Event => ({
  type: "DownloadComplete",
  name,
  version: "1.18.1",
  file: `${name}.whl`,
  bytes,
  cached: false,
});

const courses: Readonly<Record<string, { readonly course: Course; readonly nowMs: number }>> = {
  resolving: {
    course: [
      [0, { type: "ResolveStart", requirements: 3 }],
      [900, { type: "ResolveProgress", packages: 142, name: "starlette" }],
    ],
    nowMs: 1200,
  },
  downloading: {
    course: [
      [0, start("numpy", 10 * MIB)],
      [0, start("scipy", 33.7 * MIB)],
      [0, start("a-package-with-a-very-long-name", 28 * MIB)],
      [1000, done("numpy", 10 * MIB)],
      [2000, got("scipy", 7.5 * MIB)],
      [3000, got("a-package-with-a-very-long-name", 13.5 * MIB)],
    ],
    nowMs: 10_000,
  },
  "downloading, sizes unknown": {
    course: [
      [0, start("numpy")],
      [50, got("numpy", 3 * MIB)],
    ],
    nowMs: 1000,
  },
  building: {
    course: [
      [0, { type: "BuildStart", package: "brokenext 1.0", backend: "setuptools" }],
      [0, { type: "BuildStart", package: "other 2.0", backend: "hatchling" }],
      [0, { type: "BuildTask", package: "brokenext 1.0", task: "compiling" }],
    ],
    nowMs: 12_000,
  },
  installing: {
    course: [
      [0, { type: "InstallStart", packages: 17 }],
      [10, { type: "InstallProgress", name: "fastapi 0.165.0", done: 9, total: 17 }],
    ],
    nowMs: 100,
  },
  waiting: {
    course: [[0, { type: "Waiting", reason: "for pybun add (pid 4711) to release the environment" }]],
    nowMs: 8000,
  },
};

const modelAfter = (course: Course): Progress =>
  course.reduce((model, [atMs, event]) => advance(model, event, atMs), IDLE);

for (const [name, { course, nowMs }] of Object.entries(courses))
  test(`${name} at every width`, () => {
    const model = modelAfter(course);
    const drawings = [40, 50, 60, 70, 80, 120].map((width) => {
      const lines = draw(model, { width, nowMs, isUnicode: true, frame: 2 });
      for (const line of lines) assert.ok(textColumns(line) < width, `${width}: ${line}`);
      return `--- ${width}\n${lines.join("\n")}\n`;
    });
    const ascii = draw(model, { width: 80, nowMs, isUnicode: false, frame: 0 });
    assert.match(ascii.join("\n"), /^[\n -~]*$/);
    matchesSnapshot(
      `progress/${name.replaceAll(/\W+/g, "-")}`,
      `${drawings.join("")}--- 80, ASCII\n${ascii.join("\n")}\n`,
    );
  });

test("nothing is drawn before anything happens and after all is over", () => {
  const canvas = { width: 80, nowMs: 0, isUnicode: true, frame: 0 };
  assert.equal(draw(IDLE, canvas), []);
  const { course } = courses["downloading"] as { course: Course };
  assert.equal(
    draw(advance(modelAfter(course), { type: "CommandEnd", command: "", status: "ok", duration_ms: 1 }, 1), canvas),
    [],
  );
});

test("one package is one", () => {
  const begun = advance(IDLE, { type: "ResolveStart", requirements: 1 }, 0);
  const model = advance(begun, { type: "ResolveProgress", packages: 1, name: "six" }, 0);
  const [line = ""] = draw(model, { width: 80, nowMs: 0, isUnicode: true, frame: 0 });
  assert.match(line, "1 package, reading six");
});

test.run();
