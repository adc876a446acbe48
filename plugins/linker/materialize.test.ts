import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LinkMode } from "../../plugin-api/model/environment.ts";
import { type LinkBench, openLinkBench } from "../../test/harness/link-bench.ts";

let bench: LinkBench;
let root = "";
test.before.each(async () => {
  bench = await openLinkBench();
  root = path.join(bench.dir, "env");
});
test.after.each(() => bench.remove());

type Call = (...args: readonly unknown[]) => unknown;

/** Runs `body` on a file system where a call fails with this code, if `applies` to its first argument. */
async function failing<T>(
  fault: { readonly call: string; readonly code: string; readonly applies?: (file: string) => boolean },
  body: () => Promise<T>,
): Promise<T> {
  const table = fs as unknown as Record<string, Call>;
  const original = table[fault.call] as Call;
  table[fault.call] = (...args) => {
    const isClone = fault.call !== "copyFileSync" || ((args[2] as number) & fs.constants.COPYFILE_FICLONE_FORCE) !== 0;
    if (isClone && (fault.applies?.(args[0] as string) ?? true))
      throw Object.assign(new Error(fault.code), { code: fault.code });
    return original(...args);
  };
  try {
    return await body();
  } finally {
    table[fault.call] = original;
  }
}

const FILES = { "pkg/__init__.py": "", "pkg/data.txt": "data", "single.py": "x" };
const linked = async (mode: LinkMode) => {
  const environment = await bench.link({
    root,
    install: [await bench.add({ name: "pkg", version: "1", files: FILES })],
    mode,
  });
  const { linkMode } = JSON.parse(fs.readFileSync(path.join(root, "pybun.json"), "utf8")) as {
    readonly linkMode: string;
  };
  const stat = fs.lstatSync(path.join(environment.sitePackages, "pkg"));
  const file = fs.statSync(path.join(environment.sitePackages, "pkg/data.txt"));
  return { linkMode, isLink: stat.isSymbolicLink(), isShared: file.nlink > 1, mode: file.mode & 0o777 };
};
const said = () => bench.events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic.message] : []));
const OTHER_DISK = "the store is on another file system (EXDEV)";

/** Mode, call and error; then the mode recorded, whether folders are links and files shared, and what is said. */
const FALLBACKS = [
  ["hardlink", "linkSync", "EXDEV", "copy", false, false, `files were copied, not linked: ${OTHER_DISK}`],
  [
    "clone",
    "copyFileSync",
    "ENOTSUP",
    "copy",
    false,
    false,
    "files were copied, not cloned: the file system can't do that (ENOTSUP)",
  ],
  ["tree", "linkSync", "EXDEV", "tree", true, false, undefined],
  ["auto", "linkSync", "EXDEV", "tree", true, false, undefined],
  ["copy", "linkSync", "EXDEV", "copy", false, false, undefined],
] as const;
for (const [mode, call, code, recorded, isLink, isShared, message] of FALLBACKS)
  test(`${mode} where ${call} fails with ${code}`, async () => {
    const result = await failing({ call, code }, () => linked(mode));
    assert.equal([result.linkMode, result.isLink, result.isShared], [recorded, isLink, isShared]);
    assert.equal(said(), message === undefined ? [] : [message]);
  });

const isStored = (file: string): boolean => file.includes(`${path.sep}tree${path.sep}`);
test("where there are no symbolic links, folders are made of files, and that is said when links were asked for", async () => {
  const fault = { call: "symlinkSync", code: "EPERM", applies: isStored };
  const asked = await failing(fault, () => linked("tree"));
  assert.is(asked.isLink, false);
  assert.is(said().length, 1);
  fs.rmSync(root, { recursive: true });
  const automatic = await failing(fault, () => linked("auto"));
  assert.is(automatic.isLink, false);
  assert.is(said().length, 1, "nobody asked for links");
});

test("a file that has all the links it can have is copied, the others are linked", async () => {
  const applies = (file: string): boolean => file.endsWith("tree/single.py");
  const result = await failing({ call: "linkSync", code: "EMLINK", applies }, () => linked("hardlink"));
  assert.equal([result.linkMode, result.isShared], ["hardlink", true]);
  assert.equal(said(), ["some files were copied, not linked: a file has all the links it can have (EMLINK)"]);
});

test("an error that no other way would avoid is not hidden", async () => {
  const install = [await bench.add({ name: "pkg", version: "1", files: FILES })];
  const error = await failing({ call: "linkSync", code: "EIO" }, () =>
    bench.link({ root, install, mode: "hardlink" }),
  ).catch((error: NodeJS.ErrnoException) => error);
  assert.is((error as NodeJS.ErrnoException).code, "EIO");
  assert.equal(
    fs.readdirSync(bench.dir).filter((name) => name.startsWith("env")),
    [],
  );
});

test("copies are writable as the user's umask allows, and keep their execute bits", async () => {
  const before = process.umask(0o027);
  try {
    assert.is((await linked("copy")).mode, 0o640);
  } finally {
    process.umask(before);
  }
});

const other = ["/dev/shm", os.homedir()].find(
  (folder) => fs.existsSync(folder) && fs.statSync(folder).dev !== fs.statSync(os.tmpdir()).dev,
);
(other === undefined ? test.skip.bind(test) : test)("a store on another file system really works", async () => {
  bench.remove();
  const dataDir = fs.mkdtempSync(path.join(other as string, "link-store-"));
  bench = await openLinkBench({ dataDir });
  root = path.join(bench.dir, "env");
  assert.equal((await linked("auto")).linkMode, "tree");
  assert.equal(said(), []);
  fs.rmSync(root, { recursive: true });
  assert.equal((await linked("hardlink")).linkMode, "copy");
  assert.equal(said(), [`files were copied, not linked: ${OTHER_DISK}`]);
  fs.rmSync(dataDir, { recursive: true });
});

test.run();
