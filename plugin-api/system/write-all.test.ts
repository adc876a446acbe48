import fs from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { within, writeAll } from "./write-all.ts";

const refused = async (act: () => unknown): Promise<string | undefined> => {
  try {
    await act();
  } catch (error) {
    return `${(error as NodeJS.ErrnoException).code} ${(error as NodeJS.ErrnoException).path}`;
  }
  return undefined;
};

// A device on which nothing has room.
(fs.existsSync("/dev/full") ? test : test.skip)("a full disk is told with the file that found it so", async () => {
  const fd = fs.openSync("/dev/full", "w");
  const bytes = Buffer.from("text");
  assert.is(await refused(() => writeAll(fd, bytes, { file: "/srv/a" })), "ENOSPC /srv/a");
  assert.is(await refused(() => within("/srv", () => fs.writeSync(fd, bytes))), "ENOSPC /srv");
  assert.is(await refused(() => within("/srv", () => writeAll(fd, bytes, { file: "/srv/a" }))), "ENOSPC /srv/a");
  fs.closeSync(fd);
});

test("errors that are none of the system's stay as they are", async () => {
  assert.is(await refused(() => within("/srv", () => assert.unreachable())), "ERR_ASSERTION undefined");
});

test.run();
