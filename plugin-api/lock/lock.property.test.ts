import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { anyLock, PLACE } from "../../test/harness/lock-arbitraries.ts";
import { canonicalLock } from "./canonical.ts";
import { encodeLock } from "./encode.ts";
import { openLock } from "./open.ts";
import { formatLock } from "./text.ts";

const test = suite("lock properties");
const RUNS = { numRuns: Number(process.env["RUNS"] ?? 100) };

test("PROP-3: header, tables and sections are where the format has them", () => {
  const property = fc.property(anyLock, (lock) => {
    const bytes = encodeLock(lock, PLACE);
    const view = new DataView(bytes.buffer);
    assert.is(Buffer.from(bytes.subarray(0, 4)).toString("latin1"), "DPL\u0001");
    assert.is(view.getUint32(8, true), lock.packages.length);
    const slots = view.getUint32(16, true);
    const names = new Set(lock.packages.map(({ name }) => name)).size;
    assert.ok(slots >= 8 && slots >= 2 * names && Number.isInteger(Math.log2(slots)), `${slots} slots`);
    const sections = directory(view);
    assert.is(sections.get("ENTR")?.length, 128 * lock.packages.length);
    for (const { offset, length } of sections.values()) assert.ok(offset % 8 === 0 && offset + length <= bytes.length);
    const platforms = lock.packages.some(({ files }) => files.some(({ kind }) => kind === "wheel"));
    if (platforms) assert.ok((sections.get("PLAT")?.length ?? 0) > 0);
    const lowest = { "": [0, 0, 0], ">=3.9": [3, 9, 0], ">=3.10.2,<4": [3, 10, 2] }[lock.requiresPython];
    assert.equal([view.getUint8(24), view.getUint8(25), view.getUint16(26, true)], lowest);
  });
  fc.assert(property, RUNS);
});

interface Part {
  readonly offset: number;
  readonly length: number;
}

function directory(view: DataView): ReadonlyMap<string, Part> {
  const start = view.getUint32(20, true);
  const records = Array.from({ length: view.getUint32(start, true) }, (_, i) => start + 8 + 16 * i);
  return new Map(
    records.map((at) => {
      const id = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
      return [id, { offset: view.getUint32(at + 4, true), length: view.getUint32(at + 8, true) }];
    }),
  );
}

test("PROP-4: reading gives what was written, and writing that again the same bytes", () => {
  const property = fc.property(anyLock, (lock) => {
    const bytes = encodeLock(lock, PLACE);
    const view = openLock(bytes, PLACE);
    view.verify();
    assert.equal(view.lock(), canonicalLock(lock));
    assert.equal(Buffer.from(encodeLock(view.lock(), PLACE)), Buffer.from(bytes));
  });
  fc.assert(property, RUNS);
});

test("what was written at one place does not show at another", () => {
  const places = [
    PLACE,
    { path: "/elsewhere/below/pybun.lockb" },
    { ...PLACE, indexes: { company: "https://mirror.example/simple/", public: "https://files.example/simple/" } },
    PLACE,
  ];
  const property = fc.property(anyLock, (lock) => {
    for (const place of places) {
      const [bytes, fresh] = [encodeLock(lock, place), encodeLock(structuredClone(lock), place)];
      assert.equal(Buffer.from(bytes), Buffer.from(fresh));
    }
  });
  fc.assert(property, RUNS);
});

test("the order in which a lock was put together does not show", () => {
  const property = fc.property(anyLock, (lock) => {
    const last = lock.packages.length - 1;
    const turned = <T extends { readonly to: number }>(list: readonly T[]): T[] =>
      list.map((each) => ({ ...each, to: last - each.to })).toReversed();
    const other = {
      ...lock,
      packages: lock.packages
        .map((each) => ({ ...each, dependencies: turned(each.dependencies), files: each.files.toReversed() }))
        .toReversed(),
      roots: turned(lock.roots),
      meta: Object.fromEntries(Object.entries(lock.meta).toReversed()),
    };
    // Entries that are the same but for what they lead to have no order of their own.
    const ids = lock.packages.map(({ name, version, marker, source }) =>
      JSON.stringify([name, version, marker, source]),
    );
    fc.pre(new Set(ids).size === ids.length);
    assert.equal(Buffer.from(encodeLock(other, PLACE)), Buffer.from(encodeLock(lock, PLACE)));
    assert.is(formatLock(other, PLACE), formatLock(lock, PLACE));
  });
  fc.assert(property, RUNS);
});

test("moved with everything around it, a lock keeps its bytes and leads to the new places", () => {
  const property = fc.property(anyLock, (lock) => {
    const bytes = encodeLock(lock, PLACE);
    const there = { path: "/somewhere/else/project/pybun.lockb" };
    const moved = openLock(bytes, there).lock();
    assert.equal(Buffer.from(encodeLock(moved, there)), Buffer.from(bytes));
    assert.not.match(JSON.stringify(moved), /"(?:file:\/\/)?\/project/);
    assert.is(formatLock(moved, there), formatLock(lock, PLACE));
  });
  fc.assert(property, RUNS);
});

test("PROP-6: every name is found with all its entries, others are not, however many there are", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,6}(-[a-z0-9]{1,3})?$/), { maxLength: 200 });
  const property = fc.property(anyLock, names, (lock, all) => {
    const template = lock.packages[0];
    fc.pre(template !== undefined);
    const [present, absent] = [all.filter((_, i) => i % 2 === 0), all.filter((_, i) => i % 2 === 1)];
    const packages = present.map((name) => ({ ...template, name: name as typeof template.name, dependencies: [] }));
    const view = openLock(encodeLock({ ...lock, packages: [...packages, ...packages], roots: [] }, PLACE), PLACE);
    const whole = view.lock();
    for (const name of present) {
      assert.equal(
        view.find(name),
        whole.packages.filter((each) => each.name === name),
      );
      assert.is(view.find(name).length, 2);
    }
    for (const name of absent) assert.equal(view.find(name), []);
  });
  fc.assert(property, RUNS);
});

test.run();
