import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { selectPins } from "../../plugin-api/lock/select.ts";
import type { Target } from "../../plugin-api/model/interpreter.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import { parsePylock } from "../../plugin-api/python/pylock.ts";
import { selectPylock } from "../../plugin-api/python/pylock-select.ts";
import { lockTargets } from "../../test/conformance/pep/lock-targets.ts";
import { contentsOf } from "./contents.ts";
import { pylockText } from "./pylock.ts";
import { lockOf, type Stated } from "./scene.fixture.ts";

// Whatever is installed from an export is what is installed from the lock itself.

const NAMES = ["a", "b", "c", "d", "e", "f"];
const MARKERS = [
  "",
  "",
  "sys_platform == 'win32'",
  "sys_platform != 'win32'",
  "python_version >= '3.11'",
  "python_version < '3.12'",
];

const name = fc.constantFrom(...NAMES);
const need = fc
  .tuple(
    name,
    fc.constantFrom("", "", "[x]"),
    fc.constantFrom(...MARKERS, "extra == 'x'", "extra == 'x' and os_name == 'nt'"),
  )
  .map(([to, extra, marker]) => `${to}${extra}${marker === "" ? "" : ` ; ${marker}`}`);
const root = fc
  .tuple(name, fc.constantFrom("", "[x]"), fc.constantFrom(...MARKERS))
  .map(([to, extra, marker]) => `${to}${extra}${marker === "" ? "" : ` ; ${marker}`}`);
const roots = fc.array(root, { maxLength: 2 });
const lock = fc
  .tuple(fc.tuple(...NAMES.map(() => fc.array(need, { maxLength: 3 }))), fc.tuple(roots, roots, roots, roots))
  .map(([needs, [project, x, y, dev]]) => {
    const packages = NAMES.map((each, place): [string, Stated] => [each, { extras: ["x"], needs: needs[place]! }]);
    return lockOf({
      packages: Object.fromEntries(packages),
      roots: { project, "optional x": x, "optional y": y, "group dev": dev },
      meta: { "inputs/optional/x": "", "inputs/optional/y": "", "inputs/group/dev": "" },
    });
  });
const choice = fc.record({ extras: fc.subarray(["x", "y"]), groups: fc.subarray(["dev"]) });

/** The three platforms with each minor version of the lock's range. */
const TARGETS: readonly Target[] = Object.values(lockTargets).flatMap((target) =>
  [10, 11, 12].map((minor) => {
    const full = `3.${minor}.4`;
    const markers = { ...target.markers, python_full_version: full, python_version: `3.${minor}` };
    return { python: full, markers, tags: { ...target.tags, python: [3, minor] as const } };
  }),
);

test("a requirements file, a pylock.toml with a choice, one that leaves it open, and the lock agree", () =>
  fc.assert(
    fc.property(lock, choice, fc.constantFrom(...TARGETS), (locked, { extras, groups }, target) => {
      const expected = selectPins(locked, target, { extras, groups })
        .pins.map((pin) => pin.name)
        .join(" ");
      const chosen = contentsOf(locked, { extras, groups, pruned: [] });
      const lines = chosen.packages.filter(({ marker }) => evaluateMarker(marker, target.markers));
      assert.is(lines.map(({ locked: each }) => each.name).join(" "), expected, "requirements");
      const form = { projects: [], folder: "/p", indexes: new Map<string, string>() };
      const select = (text: string, picked: object) =>
        selectPylock(parsePylock(text), target, picked)
          .map((each) => each.package.name)
          .join(" ");
      assert.is(select(pylockText(chosen, form), {}), expected, "pylock");
      const open = contentsOf(locked, { pruned: [] });
      assert.is(select(pylockText(open, form), { extras, dependencyGroups: groups }), expected, "open pylock");
    }),
    { numRuns: 3 * Number(process.env["RUNS"] ?? 100) },
  ));

test.run();
