import { inOwnNamespace } from "../own-namespace.ts";

inOwnNamespace(import.meta.filename, ["--mount"]);
const [{ checkRows }, { DISK_ROWS }] = await Promise.all([import("../row.ts"), import("../rows/disks.ts")]);
checkRows(DISK_ROWS);
