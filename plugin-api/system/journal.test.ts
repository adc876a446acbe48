import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { killEverywhere } from "../../test/harness/killed-run.ts";
import { type Change, commitMoves, recoverMoves } from "./journal.ts";

let dir = "";
let work = "";
test.before.each(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "journal-"));
  work = path.join(dir, "place", ".staging");
});
test.after.each(() => fs.rmSync(dir, { recursive: true, force: true }));

/** Path -> content; a text that begins with `->` is a link. */
type Tree = Readonly<Record<string, string>>;

function write(folder: string, tree: Tree): void {
  for (const [name, text] of Object.entries(tree)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (text.startsWith("->")) fs.symlinkSync(text.slice(2), file);
    else fs.writeFileSync(file, text);
  }
}

function read(folder: string, below = ""): Tree {
  const entries = fs.readdirSync(path.join(folder, below), { withFileTypes: true });
  const parts = entries.map((entry): Tree => {
    const name = path.join(below, entry.name);
    const file = path.join(folder, name);
    if (entry.isDirectory()) return read(folder, name);
    return { [name]: entry.isSymbolicLink() ? `->${fs.readlinkSync(file)}` : fs.readFileSync(file, "utf8") };
  });
  return Object.assign({}, ...parts) as Tree;
}

const OLD: Tree = {
  "bin/tool": "old tool",
  "lib/folder/a": "old a",
  "lib/folder/b": "old b",
  "lib/link": "->folder",
  "lib/replaced/by-link": "old",
  "lib/gone": "old",
};
const STAGED: Tree = {
  "0/a": "new a",
  "0/c": "new c",
  "1": "new tool",
  "2/x": "new x",
  "3": "->folder",
  "4/deep": "new deep",
};
const CHANGE: Change = {
  moves: [
    { from: "0", to: "lib/folder" },
    { from: "1", to: "bin/tool" },
    { from: "2", to: "lib/link" },
    { from: "3", to: "lib/replaced" },
    { to: "lib/gone" },
    { to: "lib/never-was" },
    { from: "4", to: "share/new/folder" },
  ],
  note: { text: "new stamp" },
};
const NEW: Tree = {
  "bin/tool": "new tool",
  "lib/folder/a": "new a",
  "lib/folder/c": "new c",
  "lib/link/x": "new x",
  "lib/replaced": "->folder",
  "share/new/folder/deep": "new deep",
  stamp: "new stamp",
};

const place = () => path.dirname(work);
const finish = (note: unknown) => fs.writeFileSync(path.join(place(), "stamp"), (note as { text: string }).text);
function stage(): void {
  fs.rmSync(place(), { recursive: true, force: true });
  write(place(), OLD);
  write(work, STAGED);
}

test("all moves are made, the note is handed over, and nothing staged is left", async () => {
  stage();
  await commitMoves(work, CHANGE, finish);
  assert.equal(read(place()), NEW);
  assert.not.ok(fs.existsSync(work));
});

test("what was replaced goes aside where there is a place for it, and away where there is none", async () => {
  const aside = path.join(dir, "aside");
  fs.mkdirSync(aside);
  for (const place of [aside, path.join(dir, "nowhere")]) {
    stage();
    await commitMoves(work, { ...CHANGE, aside: place }, finish);
    assert.not.ok(fs.existsSync(work));
  }
  const [only, ...others] = fs.readdirSync(aside);
  assert.equal(others, []);
  assert.ok(fs.existsSync(path.join(aside, only as string, "old")));
  assert.not.ok(fs.existsSync(path.join(aside, only as string, "journal.json")));
  fs.rmSync(aside, { recursive: true });
});

const killedAnywhere = (isExchangeMissing: boolean) => async (): Promise<void> => {
  const script = {
    folder: dir,
    text: `
      if (${isExchangeMissing}) Object.defineProperty(process, "platform", { value: "aix" });
      import fs from "node:fs";
      import { commitMoves } from ${JSON.stringify(path.join(import.meta.dirname, "journal.ts"))};
      killBeforeChange(Number(process.argv[2]));
      const finish = (note: { text: string }) => fs.writeFileSync(${JSON.stringify(path.join(place(), "stamp"))}, note.text);
      await commitMoves(${JSON.stringify(work)}, ${JSON.stringify(CHANGE)}, finish as never);`,
  };
  const seen = new Set<string>();
  const kills = await killEverywhere(script, {
    before: stage,
    after: async (n) => {
      const isLeft = fs.existsSync(work);
      assert.is(await recoverMoves(work, finish), isLeft);
      const now = read(place());
      const isNew = "stamp" in now;
      assert.equal(now, isNew ? NEW : OLD, `after kill ${n}`);
      seen.add(isNew ? "new" : "old");
    },
  });
  assert.ok(kills > 15, `${kills} kills`);
  assert.equal([...seen].sort(), ["new", "old"]);
};
test("killed anywhere, the place is wholly old or wholly new after recovery", killedAnywhere(false));
test("also where two folders can't change places at once", killedAnywhere(true));

test("a recovery that is killed itself is recovered", async () => {
  const half = {
    steps: [
      { kind: "swap", from: "0", to: "lib/folder" },
      { kind: "put", from: "1", to: "bin/tool" },
      { kind: "drop", to: "lib/gone" },
    ],
    note: { text: "new stamp" },
  };
  const script = {
    folder: dir,
    text: `
      import { recoverMoves } from ${JSON.stringify(path.join(import.meta.dirname, "journal.ts"))};
      killBeforeChange(Number(process.argv[2]));
      await recoverMoves(${JSON.stringify(work)}, () => {});`,
  };
  const before = () => {
    stage();
    write(work, { "0/.pybun-swap": "", "journal.json": JSON.stringify(half) });
  };
  await killEverywhere(script, {
    before,
    after: async (n) => {
      await recoverMoves(work, finish);
      const now = read(place());
      assert.equal([now["lib/folder/a"], now["lib/folder/b"]], ["new a", undefined], `after kill ${n}`);
      assert.equal(
        [now["bin/tool"], now["lib/gone"], now["lib/folder/.pybun-swap"]],
        ["new tool", undefined, undefined],
      );
    },
  });
});

test("a first step that fails leaves everything as it was", async () => {
  write(place(), { "lib/a": "old" });
  write(work, { "0/x": "new" });
  const change = { moves: [{ from: "0", to: "lib/a/x" }] };
  const error = await commitMoves(work, change, () => {}).catch((error: NodeJS.ErrnoException) => error);
  assert.is((error as NodeJS.ErrnoException).code, "ENOTDIR");
  assert.ok(await recoverMoves(work, () => assert.unreachable("there is no change to finish")));
  assert.equal(read(place()), { "lib/a": "old" });
});

test("nothing to recover is said so", async () => {
  assert.is(await recoverMoves(work, finish), false);
});

test.run();
