import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { aloneInProject, commitFiles, recoverProject } from "../../plugin-api/system/project-change.ts";
import { killEverywhere } from "../../test/harness/killed-run.ts";
import { putInPlace } from "./put-in-place.ts";

const FILES = [
  ["pyproject.toml", "project"],
  ["src/app/__init__.py", "module"],
  ["tests/test_app.py", "test"],
] as const;
const { signal } = new AbortController();

/** Files of the project, those of changes under way left out. */
const filesIn = (folder: string): readonly string[] =>
  fs.existsSync(folder)
    ? fs
        .readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => !file.startsWith(".pybun") && fs.statSync(path.join(folder, file)).isFile())
        .sort()
    : [];

test("killed at any moment, a new project is there with all its files or without any, and can be made again", async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "init-kill-"));
  const folder = path.join(dir, "app");
  const all = FILES.map(([file]) => file).sort();
  const module = (file: string): string => JSON.stringify(path.join(import.meta.dirname, file));
  const text = `
    import { putInPlace } from ${module("put-in-place.ts")};
    import { aloneInProject, commitFiles } from ${module("../../plugin-api/system/project-change.ts")};
    const signal = new AbortController().signal;
    const apply = ({ root, files }) => aloneInProject(root, signal, () => commitFiles({ root, files }));
    killBeforeChange(Number(process.argv[2]));
    await putInPlace(
      { where: { folder: ${JSON.stringify(folder)} }, files: ${JSON.stringify(FILES)}, more: [] },
      { use: async () => ({ apply }) },
    );`;
  const again = async (): Promise<void> => {
    const apply = async ({ root, files }: { readonly root: string; readonly files: never }) => {
      await aloneInProject(root, signal, () => commitFiles({ root, files }));
      return { files };
    };
    const session = { use: async () => ({ apply }) } as never;
    await putInPlace({ where: { folder, shown: "app", isInRepository: false }, files: FILES, more: [] }, session);
  };
  const seen = new Set<number>();
  try {
    const kills = await killEverywhere(
      { folder: dir, text },
      {
        before: () => fs.rmSync(folder, { recursive: true, force: true }),
        after: async (n) => {
          await recoverProject(folder, { signal, completeEnvironment: async () => undefined });
          const there = filesIn(folder);
          seen.add(there.length);
          assert.ok(there.length === 0 || there.length === all.length, `killed at ${n}: ${there.join(", ")}`);
          if (there.length === 0) await again();
          assert.equal(filesIn(folder), all, `killed at ${n}, and again`);
        },
      },
    );
    assert.ok(kills > 10, `${kills} kills`);
    assert.equal(
      [...seen].sort((a, b) => a - b),
      [0, 3],
    );
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
});

test.run();
