import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Session } from "../../plugin-api/session.ts";
import { putInPlace } from "./put-in-place.ts";
import type { Where } from "./where.ts";

test("where the files can't be written, no folder is left that was made for them", async () => {
  const outer = fs.mkdtempSync(path.join(os.tmpdir(), "put-in-place-"));
  try {
    const folder = path.join(outer, "new", "shop");
    // As a disk does that has no room left, when the change has begun.
    const apply = ({ root }: { readonly root: string }): never => {
      fs.mkdirSync(path.join(root, ".pybun"), { recursive: true });
      throw new Error("no space left");
    };
    const session = { use: async () => ({ apply }) } as unknown as Session;
    const files = [
      ["pyproject.toml", "[project]\n"],
      ["src/shop/__init__.py", ""],
    ] as const;
    const placing = { where: { folder } as Where, files, more: [] };
    const error = await putInPlace(placing, session).catch((thrown: unknown) => thrown);
    assert.is((error as Error).message, "no space left");
    assert.equal(fs.readdirSync(outer), []);
  } finally {
    fs.rmSync(outer, { recursive: true, force: true });
  }
});

test.run();
