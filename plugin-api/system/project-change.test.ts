import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { killEverywhere } from "../../test/harness/killed-run.ts";
import { PybunError } from "../error.ts";
import { finishChange } from "./environment-change.ts";
import { commitMoves, digestOf, recoverMoves } from "./journal.ts";
import {
  aloneInProject,
  type ChangedFile,
  commitFiles,
  markNote,
  recoverProject,
  stageFiles,
} from "./project-change.ts";
import { isProjectChanging } from "./project-mark.ts";

const { signal } = new AbortController();
let dir = "";
let root = "";
let environment = "";
test.before.each(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "project-change-"));
  root = path.join(dir, "shop");
  environment = path.join(root, ".pybun/venv");
});
test.after.each(() => fs.rmSync(dir, { recursive: true, force: true }));

const at = (name: string): string => path.join(root, name);
const read = (name: string): string => fs.readFileSync(at(name), "utf8");
const changed = (name: string, content: string): ChangedFile => ({ file: at(name), content, was: digestOf(at(name)) });

function makeOld(): void {
  fs.rmSync(root, { recursive: true, force: true });
  fs.mkdirSync(path.join(environment, "lib"), { recursive: true });
  fs.writeFileSync(at("pyproject.toml"), "old project", { mode: 0o664 });
  fs.writeFileSync(at("pybun.lockb"), "old lock");
  fs.writeFileSync(at(".pybun/venv/lib/module"), "old module");
}
const change = () => ({ root, files: [changed("pyproject.toml", "new project"), changed("pybun.lockb", "new lock")] });
const state = (): string =>
  ["pyproject.toml", "pybun.lockb", ".pybun/venv/lib/module"].map((name) => read(name).split(" ")[0]).join(" ");

/** As the linker does it: the environment's change is staged inside of it, the files' in front. */
const LINKING = `
  const staging = path.join(environment, ".staging");
  fs.mkdirSync(path.join(staging, "0"), { recursive: true });
  fs.writeFileSync(path.join(staging, "0/module"), "new module");
  const moves = [...stageFiles(staging, change, environment), { from: "0", to: "lib" }];
  await commitMoves(staging, { moves, note: markNote(staging, root) }, finishChange(staging));`;

async function link(): Promise<void> {
  const staging = path.join(environment, ".staging");
  fs.mkdirSync(path.join(staging, "0"), { recursive: true });
  fs.writeFileSync(path.join(staging, "0/module"), "new module");
  const moves = [...stageFiles(staging, change(), environment), { from: "0", to: "lib" }];
  await commitMoves(staging, { moves, note: markNote(staging, root) }, finishChange(staging));
}

const completeEnvironment = async (place: string): Promise<void> => {
  const staging = path.join(place, ".staging");
  await recoverMoves(staging, finishChange(staging));
};
const recover = (): Promise<void> => recoverProject(root, { signal, completeEnvironment });

const script = (body: string) => ({
  folder: dir,
  text: `
    import fs from "node:fs";
    import path from "node:path";
    import { finishChange } from ${JSON.stringify(path.join(import.meta.dirname, "environment-change.ts"))};
    import { commitMoves, digestOf } from ${JSON.stringify(path.join(import.meta.dirname, "journal.ts"))};
    import { commitFiles, markNote, stageFiles } from ${JSON.stringify(path.join(import.meta.dirname, "project-change.ts"))};
    const [root, environment] = ${JSON.stringify([root, environment])};
    const changed = (name, content) => ({ file: path.join(root, name), content, was: digestOf(path.join(root, name)) });
    const change = { root, files: [changed("pyproject.toml", "new project"), changed("pybun.lockb", "new lock")] };
    killBeforeChange(Number(process.argv[2]));
    ${body}`,
});

for (const [what, body, finals] of [
  ["project, lock and environment", LINKING, ["new new new", "old old old"]],
  ["project and lock alone", "await commitFiles(change);", ["new new old", "old old old"]],
] as const)
  test(`${what}, killed anywhere: all old or all new after recovery, and nothing is left over`, async () => {
    const seen = new Set<string>();
    const kills = await killEverywhere(script(body), {
      before: makeOld,
      after: async (n) => {
        await recover();
        assert.ok((finals as readonly string[]).includes(state()), `${state()} after kill ${n}`);
        seen.add(state());
        await completeEnvironment(environment);
        assert.equal(fs.readdirSync(at(".pybun")), ["venv"], `left over after kill ${n}`);
        assert.equal(fs.readdirSync(environment), ["lib"], `left over after kill ${n}`);
        assert.equal(fs.readdirSync(root).sort(), [".pybun", "pybun.lockb", "pyproject.toml"]);
      },
    });
    assert.ok(kills > 8, `${kills} kills`);
    assert.equal([...seen].sort(), finals);
  });

test("the mode of a file stays, and the mark is gone afterwards", async () => {
  makeOld();
  fs.chmodSync(at("pyproject.toml"), 0o640);
  await link();
  assert.equal([state(), isProjectChanging(root)], ["new new new", false]);
  assert.is(fs.statSync(at("pyproject.toml")).mode & 0o777, 0o640);
});

test("what somebody else wrote meanwhile is kept, and nothing else is changed", async () => {
  for (const name of ["pyproject.toml", "pybun.lockb"]) {
    makeOld();
    const stale = change();
    fs.writeFileSync(at(name), "their text");
    const error = await aloneInProject(root, signal, () => commitFiles(stale)).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof PybunError && error.code === "E_PROJECT_CHANGED", String(error));
    assert.is(read(name), "their text");
    assert.is(state().replace("their", "old"), "old old old");
    assert.equal(fs.readdirSync(at(".pybun")), ["venv"]);
  }
});

test("an edit between a crash and the next command holds, when nothing had been put in place", async () => {
  makeOld();
  const staging = path.join(environment, ".staging");
  fs.mkdirSync(staging);
  const [first, second] = stageFiles(staging, change(), environment);
  const steps = [first, second].map((move) => ({ kind: "put", ...move }));
  fs.writeFileSync(path.join(staging, "journal.json"), JSON.stringify({ steps, note: markNote(staging, root) }));
  fs.writeFileSync(at("pyproject.toml"), "their text");
  await recover();
  assert.is(state(), "their old old");
  assert.equal([fs.existsSync(staging), isProjectChanging(root)], [false, false]);
});

test("the same edit holds, too, when the change was half done: what is not theirs is completed", async () => {
  makeOld();
  const staging = path.join(environment, ".staging");
  fs.mkdirSync(staging);
  const [first, second] = stageFiles(staging, change(), environment);
  const steps = [first, second].map((move) => ({ kind: "put", ...move }));
  fs.writeFileSync(path.join(staging, "journal.json"), JSON.stringify({ steps, note: markNote(staging, root) }));
  fs.renameSync(path.join(staging, "file-0"), at("pyproject.toml"));
  fs.writeFileSync(at("pyproject.toml"), "their text");
  await recover();
  assert.is(state(), "their new old");
});

test("a file on another file system is staged beside its place, and removed when nothing comes of it", async () => {
  const other = fs.existsSync("/dev/shm") ? fs.mkdtempSync("/dev/shm/project-change-") : undefined;
  if (other === undefined || fs.statSync(other).dev === fs.statSync(dir).dev) return;
  try {
    makeOld();
    fs.writeFileSync(path.join(other, "pyproject.toml"), "old project");
    const files = [
      {
        file: path.join(other, "pyproject.toml"),
        content: "new project",
        was: digestOf(path.join(other, "pyproject.toml")),
      },
    ];
    const staging = path.join(environment, ".staging");
    fs.mkdirSync(staging);
    stageFiles(staging, { root, files }, environment);
    await recover();
    assert.equal(fs.readdirSync(other), ["pyproject.toml"]);
    await commitFiles({ root, files });
    assert.is(fs.readFileSync(path.join(other, "pyproject.toml"), "utf8"), "new project");
    assert.equal(fs.readdirSync(other), ["pyproject.toml"]);
  } finally {
    fs.rmSync(other, { recursive: true });
  }
});

test.run();
