import { test } from "uvu";
import * as assert from "uvu/assert";
import { systemError } from "./system-error.ts";

const failure = (facts: Partial<NodeJS.ErrnoException> & { readonly dest?: string }): Error =>
  Object.assign(new Error("as Node words it"), facts);

const DATA = "/home/ada/.cache/pybun";

const cases: readonly [facts: Parameters<typeof failure>[0], told: string | undefined, hasHint?: boolean][] = [
  [{ code: "ENOSPC", path: "/srv/a" }, "E_DISK_FULL: no space left: /srv/a"],
  [{ code: "ENOSPC", path: "/srv/a", dest: "/mnt/b" }, "E_DISK_FULL: no space left: /mnt/b"],
  [{ code: "ENOSPC", syscall: "write" }, "E_DISK_FULL: no space left on the disk"],
  [{ code: "EIO", path: "/srv/a", syscall: "open" }, "E_DISK_FAULT: the disk gave an error: /srv/a"],
  [{ code: "EIO", syscall: "fsync" }, "E_DISK_FAULT: the disk gave an error"],
  [{ code: "EFAULT", path: "/srv/a", syscall: "rm" }, "E_DISK_FAULT: the disk gave an error: /srv/a"],
  [{ code: "EROFS", path: "/srv/a" }, "E_PERMISSION: the file system is read-only: /srv/a"],
  [{ code: "EROFS", syscall: "fsync" }, "E_PERMISSION: the file system is read-only"],
  [{ code: "EACCES", path: `${DATA}/locks` }, `E_PERMISSION: permission denied: ${DATA}/locks`, true],
  [{ code: "EACCES", path: "/home/ada/.cache" }, "E_PERMISSION: permission denied: /home/ada/.cache", true],
  [{ code: "EACCES", path: `${DATA}-2` }, `E_PERMISSION: permission denied: ${DATA}-2`],
  [{ code: "EPERM", syscall: "kill" }, undefined],
  [{ code: "ENOENT", path: "/srv/a" }, undefined],
];

for (const [facts, told, hasHint = false] of cases)
  test(`${facts.code} at ${facts.dest ?? facts.path ?? "an open file"}`, () => {
    const error = systemError(failure(facts), DATA);
    assert.is(error && `${error.code}: ${error.message}`, told);
    assert.is((error?.detail.hints ?? []).length > 0, hasHint);
  });

test.run();
