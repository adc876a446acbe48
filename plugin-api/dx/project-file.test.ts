import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { packDx } from "./dx.ts";
import { readProjectText, writeProjectText } from "./project-file.ts";

const TEXT = "[project] # a\nname = 'a'\n";
const packed = (text: string) => packDx(Buffer.from(text), { path: "pyproject.toml" });

/** Runs with a folder that holds the files, and removes it. */
const inFolder =
  (
    files: () => Promise<Readonly<Record<string, string | Uint8Array>>>,
    body: (folder: string) => void | Promise<void>,
  ) =>
  async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "dx-"));
    try {
      for (const [name, content] of Object.entries(await files())) fs.writeFileSync(path.join(folder, name), content);
      await body(folder);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  };
const read = (folder: string) => {
  const found = readProjectText(folder);
  return found && [found.text, path.basename(found.file), found.stale?.code];
};

test(
  "no project",
  inFolder(
    async () => ({}),
    (folder) => assert.is(read(folder), undefined),
  ),
);
test(
  "TOML alone",
  inFolder(
    async () => ({ "pyproject.toml": TEXT }),
    (folder) => assert.equal(read(folder), [TEXT, "pyproject.toml", undefined]),
  ),
);
test(
  "the binary form alone",
  inFolder(
    async () => ({ "pyproject.dx": await packed(TEXT) }),
    (folder) => assert.equal(read(folder), [TEXT, "pyproject.dx", undefined]),
  ),
);
test(
  "both, made from each other",
  inFolder(
    async () => ({ "pyproject.toml": TEXT, "pyproject.dx": await packed(TEXT) }),
    (folder) => assert.equal(read(folder), [TEXT, "pyproject.toml", undefined]),
  ),
);
test(
  "the TOML wins when it has changed, and a word is said",
  inFolder(
    async () => ({ "pyproject.toml": `${TEXT}\n`, "pyproject.dx": await packed(TEXT) }),
    (folder) => assert.equal(read(folder), [`${TEXT}\n`, "pyproject.toml", "W_DX_STALE"]),
  ),
);
test(
  "a binary form that can't be read does no harm beside the TOML",
  inFolder(
    async () => ({ "pyproject.toml": TEXT, "pyproject.dx": "what?" }),
    (folder) => assert.equal(read(folder), [TEXT, "pyproject.toml", "W_DX_STALE"]),
  ),
);
test(
  "an edit is written to the forms that are there",
  inFolder(
    async () => ({ "pyproject.dx": await packed(TEXT) }),
    async (folder) => {
      await writeProjectText(folder, "x = 1\n");
      assert.equal(read(folder), ["x = 1\n", "pyproject.dx", undefined]);
      fs.writeFileSync(path.join(folder, "pyproject.toml"), "y = 1\n");
      await writeProjectText(folder, "z = 1\n");
      assert.equal(read(folder), ["z = 1\n", "pyproject.toml", undefined]);
      fs.rmSync(path.join(folder, "pyproject.dx"));
      await writeProjectText(folder, "w = 1\n");
      assert.equal(fs.readdirSync(folder), ["pyproject.toml"]);
    },
  ),
);

test.run();
